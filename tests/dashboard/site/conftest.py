"""Published sites for tests: a program with hostile names, published once.

The universe: a small program as of 15 September 2026, whose name, regions and people's answers try to be markup,
formulas, and text of other directions and scripts.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.commands.publish import publish
from dashboard.commands.release import release
from data_access.database.schema import person_attributes, regions
from tests.builders import COUNTRIES, ProgramBuilder

AS_OF = date(2026, 9, 15)
NAME = '=HYPERLINK("http://x")<img src=x onerror=alert(1)></script><!--\u202e שלום 世界'
REGION = "</td><script>alert(2)</script>, @SUM(1)"
ANSWER = "<b onmouseover=alert(3)>=1+1</b> 日本語 \u202egnp"


def hostile_program(folder: Path) -> ProgramBuilder:
    """Events in six countries over two years, contributors and payments; hostile text wherever it could be seen."""
    built = ProgramBuilder(f"sqlite:///{folder / 'p.db'}")
    built.add_program(name=NAME)
    built.add(regions, country="KE", region=REGION)
    for number, code in enumerate(list(COUNTRIES) * 5):
        day = date(2024, 8, 1) + timedelta(days=23 * number)
        mode = "online" if number % 9 == 8 else "in_person"
        built.add_event(f"{NAME} {number}", day, code, mode=mode, languages=("de", "en", "ja")[: 1 + number % 3])
    for number in range(7):
        joined = date(2025, 2, 1) + timedelta(days=20 * number)
        person = built.add_contributor(joined, times=3 + number, days_apart=40, joined_on=joined)
        built.add(person_attributes, person_key=person, dimension='"><svg onload=alert(4)>', value=ANSWER)
        built.add_payment("150", date(2025, 5, 2), person)
    built.add_import()
    release(built.database, AS_OF)
    return built


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the hostile program's site."""
    folder = tmp_path_factory.mktemp("site")
    publish(hostile_program(folder).database, folder / "public", address="https://example.org/impact")
    return folder / "public"
