"""What holds for every test: no deadline for random examples, marks that follow from what is asked for, garbage."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more about what else the machine does than about us; benchmarks measure time.
settings.register_profile("whole", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("whole")

SLOWEST = ("browser", "slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the PostgreSQL server is marked so; `either` marks only its half of a test.

    Files that take long come first: one that is begun last is waited for by workers that have nothing left to do.
    """
    ranks: dict[Path, int] = {}
    for item in items:
        if "postgresql_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgresql)
        rank = next((at for at, name in enumerate(SLOWEST) if item.get_closest_marker(name)), len(SLOWEST))
        ranks[item.path] = min(rank, ranks.get(item.path, rank))
    items.sort(key=lambda item: ranks[item.path])


def pytest_collection_finish() -> None:
    """What is imported stays until the end: looking through all of it for garbage again and again finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """What compiled modules hold is let go in order."""
    gc.unfreeze()
