"""Published sites for tests: the believable program with hostile names, published once for a whole module.

The universe: the believable program of `tests.builders` as of 15 September 2026, whose name, regions, languages and
people's answers try to be markup, formulas, and text of other directions and scripts.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from dashboard.publish import publish
from data_access.people_counts import refresh_people_counts
from data_access.schema import people, person_attributes, program, regions
from tests.builders import ProgramBuilder, believable_program

AS_OF = date(2026, 9, 15)
NAME = '=HYPERLINK("http://x")<img src=x onerror=alert(1)></script><!--\u202e שלום 世界'
REGION = "</td><script>alert(2)</script>, @SUM(1)"
ANSWER = "<b onmouseover=alert(3)>=1+1</b> 日本語 \u202egnp"


def hostile_program(folder: Path) -> ProgramBuilder:
    """The program, with hostile text everywhere from where it can reach a public page."""
    built = believable_program(f"sqlite:///{folder / 'p.db'}", AS_OF)
    with built.database.writing() as connection:
        connection.execute(update(program).values(name=NAME))
        connection.execute(insert(regions), [{"country": "KE", "region": REGION}])
        known = connection.execute(select(people.c.person_key)).scalars().all()
        rows = [{"person_key": key, "dimension": '"><svg onload=alert(4)>', "value": ANSWER} for key in known]
        connection.execute(insert(person_attributes), rows)
        refresh_people_counts(connection, 1, AS_OF)
    return built


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the hostile program's site."""
    folder = tmp_path_factory.mktemp("site")
    publish(hostile_program(folder).database, folder / "public", AS_OF, address="https://example.org/impact")
    return folder / "public"
