"""The pages' tests use the dashboard's programs: `busy`, `program`, `bare`, `nowhere`."""

from tests.dashboard.conftest import bare, busy, fresh_caches, nowhere, program

__all__ = ["bare", "busy", "fresh_caches", "nowhere", "program"]
