"""Measuring uses the same real browser as the browser tests."""

from tests.browser.conftest import browser

__all__ = ["browser"]
