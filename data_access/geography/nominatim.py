"""The online geocoder, used only where an operator has opted in: Nominatim, at the pace its operators ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location
from geopy.point import Point

from data_access.geography.countries import country_code
from data_access.geography.online_words import is_nowhere, without_nowhere

# Nominatim's "importance" says how well known a place is, not how well it fits: every answer counts the same.
_CONFIDENCE = 0.7
_SETTLEMENTS = ("city", "town", "village", "hamlet", "municipality", "suburb", "county", "state")


def nominatim(
    user_agent: str,
    delay_seconds: float = 1.0,
    *,
    domain: str = "nominatim.openstreetmap.org",
    scheme: str = "https",
    timeout_seconds: float = 10.0,
    error_wait_seconds: float = 5.0,
) -> NominatimGeocoder:
    """A geocoder that asks Nominatim, never faster than one request in `delay_seconds`.

    The public server wants a user agent that names the application and a contact, one request a second at most, and the
    attribution "© OpenStreetMap contributors". `domain` and `scheme` lead to a server of one's own.
    """
    client = Nominatim(user_agent=user_agent, domain=domain, scheme=scheme, timeout=timeout_seconds)
    limited = RateLimiter(
        client.geocode,
        min_delay_seconds=delay_seconds,
        max_retries=2,
        error_wait_seconds=max(error_wait_seconds, delay_seconds),
        # An unanswered request must not look like a place that does not exist.
        swallow_exceptions=False,
    )
    return NominatimGeocoder(limited)


class NominatimGeocoder:
    """`geocode` with the same `raw` keys as the gazetteer's; source is "nominatim"."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def geocode(self, query: str | Mapping[str, str | None]) -> Location | None:
        """The location, or None where Nominatim knows none in the given country; geopy's errors where it fails.

        "Online", "TBA" and their like, and unknown countries, are None without a request.
        """
        if isinstance(query, str):
            wanted: str | dict[str, str] = without_nowhere(query)
            country = None
        else:
            country_text = (query.get("country") or "").strip()
            country = country_code(country_text) if country_text else None
            if country_text and country is None:
                return None
            parts = {"city": without_nowhere(query.get("city") or ""), "state": (query.get("state") or "").strip()}
            wanted = {name: text for name, text in parts.items() if text and not is_nowhere(text)}
            if "city" not in wanted:
                return None
        if not wanted:
            return None
        options = {"country_codes": country.lower()} if country else {}
        location = self._ask(wanted, addressdetails=True, language="en", **options)
        if location is None:
            return None
        address = location.raw.get("address", {})
        found = str(address.get("country_code", "")).upper() or None
        if country is not None and found != country:
            return None
        name = next((address[kind] for kind in _SETTLEMENTS if kind in address), location.address.split(",")[0])
        raw = {
            "source": "nominatim",
            "geonameid": None,
            "name": name,
            "country": found,
            "admin1": address.get("state"),
            "population": None,
            "confidence": _CONFIDENCE,
            "ambiguous": False,
            "match": "name",
            "note": None,
        }
        return Location(location.address, Point(location.latitude, location.longitude), raw)
