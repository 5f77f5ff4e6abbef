"""`uplift doctor`: is everything in order that Uplift stands on, and what is to be done where it is not."""

from __future__ import annotations

import argparse
import json
import os
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dashboard.checkup.checks import check_everything
from dashboard.checkup.outcomes import CheckState
from dashboard.settings import Settings
from data_access.database.engine import Database

_MARKS = {CheckState.FINE: "ok", CheckState.UNUSED: "–", CheckState.LOOK: "!", CheckState.WRONG: "WRONG"}


def add_doctor_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("doctor", parents=[database])
    parser.add_argument("--quick", action="store_true", help="do not read the whole database")
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    """Status 0 when nothing is wrong, else 1; what is only worth a look is no reason to wake anybody."""
    settings = Settings.from_environment({**os.environ, "UPLIFT_DATABASE_URL": options.database})
    settings = settings.with_secrets_file(Path.cwd())
    with closing(Database(options.database, settings.read_copy)) as database:
        found = check_everything(settings, database, thorough=not options.quick)
    if options.json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            print(f"{_MARKS[each.state]:<6}{each.name:<14}{each.says}")
            if each.remedy:
                print(f"{'':<20}{each.remedy}")
    return int(any(each.state is CheckState.WRONG for each in found))
