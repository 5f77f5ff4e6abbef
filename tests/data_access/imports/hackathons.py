"""A hackathon league's calendar, as such leagues publish it: whole days, towns with their states, "Online" in words."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

# Towns as they are written there, and where they lie (degrees, from an atlas).
_TOWNS = """
Princeton, New Jersey|40.35|-74.66
Atlanta, Georgia|33.75|-84.39
Athens, Georgia|33.95|-83.38
Rome, Georgia|34.26|-85.17
Ann Arbor, Michigan|42.28|-83.74
East Lansing, Michigan|42.74|-84.48
Boston, Massachusetts|42.36|-71.06
Cambridge, Massachusetts|42.37|-71.11
Amherst, Massachusetts|42.38|-72.52
New Haven, Connecticut|41.31|-72.93
Providence, Rhode Island|41.82|-71.41
Philadelphia, Pennsylvania|39.95|-75.17
State College, Pennsylvania|40.79|-77.86
Pittsburgh, Pennsylvania|40.44|-80.00
Columbus, Ohio|39.96|-83.00
Cleveland, Ohio|41.50|-81.69
Lebanon, Tennessee|36.21|-86.29
Knoxville, Tennessee|35.96|-83.92
Austin, Texas|30.27|-97.74
Paris, Texas|33.66|-95.56
College Station, Texas|30.63|-96.33
Richardson, Texas|32.95|-96.73
Champaign, Illinois|40.12|-88.24
West Lafayette, Indiana|40.43|-86.91
Bloomington, Indiana|39.17|-86.53
Minneapolis, Minnesota|44.98|-93.27
Kansas City, Missouri|39.10|-94.58
Lincoln, Nebraska|40.81|-96.68
Boulder, Colorado|40.01|-105.27
Tempe, Arizona|33.43|-111.94
Los Angeles, California|34.05|-118.24
Irvine, California|33.68|-117.83
Davis, California|38.54|-121.74
Berkeley, California|37.87|-122.27
Santa Cruz, California|36.97|-122.03
San Jose, California|37.34|-121.89
Portland, Oregon|45.52|-122.68
Portland, Maine|43.66|-70.26
Seattle, Washington|47.61|-122.33
Vancouver, British Columbia|49.25|-123.12
Gainesville, Florida|29.65|-82.32
Orlando, Florida|28.54|-81.38
Panama City, Florida|30.16|-85.66
Miami, Florida|25.77|-80.19
Charlottesville, Virginia|38.03|-78.48
Blacksburg, Virginia|37.23|-80.41
Durham, North Carolina|35.99|-78.90
Charlotte, North Carolina|35.23|-80.84
College Park, Maryland|38.98|-76.94
Baltimore, Maryland|39.29|-76.61
New York City, New York|40.71|-74.01
Ithaca, New York|42.44|-76.50
Buffalo, New York|42.89|-78.88
Stony Brook, New York|40.93|-73.14
Hoboken, New Jersey|40.74|-74.03
New Brunswick, New Jersey|40.49|-74.45
Toronto, Ontario|43.70|-79.42
Waterloo, Ontario|43.47|-80.52
London, Ontario|42.98|-81.25
Hamilton, Ontario|43.25|-79.87
Ottawa, Ontario|45.42|-75.70
Montreal, Quebec|45.51|-73.59
Halifax, Nova Scotia|44.65|-63.57
Calgary, Alberta|51.05|-114.07
Bengaluru, Karnataka|12.97|77.59
Chennai, Tamil Nadu|13.09|80.28
Coimbatore, Tamil Nadu|11.01|76.96
Hyderabad, Telangana|17.38|78.46
Mumbai, Maharashtra|19.07|72.88
Pune, Maharashtra|18.52|73.86
Jaipur, Rajasthan|26.92|75.79
Kolkata, West Bengal|22.56|88.36
Lucknow, Uttar Pradesh|26.84|80.92
Ahmedabad, Gujarat|23.03|72.59
Belo Horizonte, Minas Gerais|-19.92|-43.94
Monterrey, Nuevo León|25.67|-100.31
Manchester, United Kingdom|53.48|-2.24
Birmingham, England|52.48|-1.90
Edinburgh, Scotland|55.95|-3.20
Cardiff, Wales|51.48|-3.18
Tbilisi, Georgia|41.69|44.83
Berlin, Germany|52.52|13.41
Athens, Greece|37.98|23.73
Sydney, New South Wales|-33.87|151.21
Perth, WA|-31.95|115.86
Columbus, OH|39.96|-83.00
Atlanta, GA|33.75|-84.39
Singapore|1.29|103.85
Nairobi|-1.29|36.82
""".strip().splitlines()
_ONLINE = (
    "Online",
    "Everywhere, Worldwide",
    "APAC Timezone, Online",
    "Virtual",
    "Everywhere, Online",
    "Zoom",
    "Discord",
)


class Hackathon(NamedTuple):
    """An event of the calendar: its UID, first and last day, and the point where it is held (None: online)."""

    uid: str
    starts_on: date
    ends_on: date
    point: tuple[float, float] | None
    location: str


def hackathons(number: int, seed: int) -> list[Hackathon]:
    """So many events; every seventh is online."""
    chance = random.Random(seed)  # noqa: S311 - a calendar, no secret
    events = []
    for index in range(number):
        start = date(2025, 7, 5) + timedelta(days=chance.randrange(350))
        end = start + timedelta(days=chance.choice((1, 1, 2)))
        location, *point = chance.choice(_TOWNS).split("|") if index % 7 else [chance.choice(_ONLINE)]
        where = (float(point[0]), float(point[1])) if point else None
        events.append(Hackathon(f"hack-{index}", start, end, where, location))
    return events


def calendar_of(events: list[Hackathon]) -> str:
    """The calendar file of the events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented League//Season//EN", "CALSCALE:GREGORIAN"]
    for event in events:
        location = event.location.replace(",", "\\,")
        lines += [
            *("BEGIN:VEVENT", f"UID:{event.uid}", "DTSTAMP:20250701T000000Z", f"SUMMARY:Hack {event.uid}"),
            f"DTSTART;VALUE=DATE:{event.starts_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.ends_on + timedelta(days=1):%Y%m%d}",
            *(f"LOCATION:{location}", "URL:https://hack.example/", "END:VEVENT"),
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
