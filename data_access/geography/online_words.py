"""What people write where there is no place: "Online", "Zoom", "en línea", "APAC time zone", "TBA"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from data_access.geography.countries import country_code
from data_access.geography.folding import fold, word_set

_ONLINE = word_set(
    # English, and what other languages take from it.
    "online virtual virtually remote remotely worldwide global globally everywhere anywhere internet web webinar "
    "webinars webcast livestream livestreamed stream streamed streaming teleconference videoconference videocall "
    "cyberspace metaverse "
    # Services.
    "zoom youtube twitch discord skype webex jitsi bigbluebutton whereby hangouts hopin airmeet streamyard crowdcast "
    "gotomeeting gotowebinar slack telegram whatsapp irc mumble teams "
    # German, Dutch, Nordic.
    "virtuell virtuelle virtueller virtuelles weltweit uberall videokonferenz videoanruf fernteilnahme virtueel "
    "wereldwijd fjernmote digitalt verdensomspaendende nettet verkossa etayhteys etatapahtuma maailmanlaajuinen "
    # Spanish, Portuguese, French, Italian, Catalan, Romanian.
    "remoto remota virtuais virtuales virtuel virtuelle virtuels virtuale telematico telematica mundial mundialmente "
    "videoconferencia videollamada videochamada visioconference visio teletravail mondial distanciel videoconferenza "
    "webconference webconferencia "
    # Slavic, Baltic, Hungarian, Greek, Turkish.
    "zdalnie zdalne zdalny virtualni virtualne virtualis virtualiai nuotoliniu interneten interneta cevrimici "
    "uzaktan sanal онлаин интернет дистанционно удаленно вебинар διαδικτυακα διαδικτυακο διαδικτυο "
    # Asia and the Middle East.
    "オンライン ウェビナー ズーム リモート バーチャル 世界中 온라인 화상 웨비나 비대면 "
    "线上 線上 在线 在線 网络 網路 网上 網上 全球 "
    "ऑनलाइन ออนไลน์ daring אונליין מקוון זום اونلاين أونلاين انلاين أنلاين انترنت إنترنت افتراضي"
)
_PHRASES = """
en línea, en linia, en ligne, em linha, in linea, på nätet, på nettet, a distancia, à distance, a distanza, à distância,
a distància, vía web, en remoto, google meet, microsoft teams, ms teams, meet google com, zoom us, gather town,
big blue button, youtube live, linkedin live, facebook live, twitter spaces, x spaces, mozilla hubs, second life,
video call, conference call, phone call, time zone, time zones, tout le monde, monde entier, todo el mundo,
mundo entero, mundo inteiro, trực tuyến, dalam talian, çevrim içi, на расстоянии, по всему миру, عبر الانترنت,
عبر الإنترنت, עבר האינטרנט, w sieci, v spletu, world wide, all over the world, no physical location, from home,
von zuhause
"""
_ONLINE_PHRASES = tuple(fold(phrase) for phrase in _PHRASES.split(","))
_UNDECIDED = word_set(
    "tba tbd tbc na none null nil unknown unspecified undecided various varied multiple several nowhere hybrid"
)
_BESIDE = word_set(
    "event events conference meeting meetup meetings session sessions only and or the a an in to be via on at by from "
    "with locations location places cities city countries country announced determined confirmed decided n not "
    "applicable available yet your home call attendance free live link sent rsvp registration after invite channel "
    "server room video audio timezone timezones timezone time zone zeitzone zona horaria friendly "
    "apac emea amer americas latam anz us eu uk asia pacific europe africa evento eventos veranstaltung evenement "
    "reunion reuniao treffen und oder et ou y o e i en em im por par per uber sur mit com avec google microsoft ms "
    "fully entirely general details description see password below url website id 100 "
    "開催 イベント 会議 会议 會議 活动 活動 直播 에서 행사"
)
_TIME_ZONE = re.compile(
    r"(?:any |all |\w+ )?time ?zones?|(?:utc|gmt)(?: ?[+-−]? ?\d{1,2}(?::?\d\d)?)?|"
    r"(?:africa|america|asia|atlantic|australia|europe|indian|pacific|etc)/[a-z_/+-]+\d*|"
    r"(?:eastern|central|mountain|pacific|central european) (?:standard |daylight |summer )?time",
    re.IGNORECASE,
)
_ZONE_CODE = re.compile(r"[ECMP][SD]T|[CEW]ES?T|BST|JST|IST|AE[SD]T")  # in capitals: "Est" is a town
# Words of scripts that put no blanks between them.
_WITHOUT_BLANKS = re.compile(
    "(オンライン|ウェビナー|リモート|バーチャル|线上|線上|在线|在線|网上|網上|온라인|비대면|"
    "開催|イベント|会議|会议|會議|活动|活動|直播)"
)
_TO_BE = frozenset(
    """to be announced,to be determined,to be confirmed,to be decided,to be defined,not applicable,not yet known,
por confirmar,por definir,a definir,a confirmer,noch offen""".replace("\n", "").split(",")
)
_SIGNS = ("n/a", "n.a.", "-", "–", "—", "?", "…", "...")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[/|;+&·•・、，；]|\s[-–—]\s|,|:\s|\b(?:and|or|und|oder|et|ou)\b)\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[（]([^)\]）]*)[)\]）]")
_UNTIL_KNOWN = re.compile(r"t\.?b\.?[acd]\.?", re.IGNORECASE)


@lru_cache(maxsize=50_000)  # venues come back
def is_online(text: str) -> bool:
    """Whether a text says that people meet online, in whatever words: "Zoom", "en línea", "Everywhere, Worldwide"."""
    if _TIME_ZONE.fullmatch(text.strip()) or _ZONE_CODE.fullmatch(text.strip()):
        return True
    bare = _ADDRESS.sub(" ", text)
    if bare != text and not fold(bare):
        return True
    found, says = _words(bare)
    if not says or all(word in _ONLINE or word in _BESIDE for word in found):
        return says
    parts = pieces(bare)  # "Online, USA": online for a country
    return len(parts) > 1 and all(is_online(part) or (len(part) > 2 and country_code(part)) for part in parts)


def is_undecided(text: str) -> bool:
    """Whether a text says that the place is not known (yet): "TBA", "n/a", "Various locations"."""
    if fold(text) in _TO_BE or text.strip().casefold() in _SIGNS or _UNTIL_KNOWN.fullmatch(text.strip()):
        return True
    found = fold(text).split()
    return any(word in _UNDECIDED for word in found) and all(word in _UNDECIDED or word in _BESIDE for word in found)


def is_nowhere(text: str) -> bool:
    """Whether a text names no place: it is online, or not known (yet), or both."""
    if is_undecided(text) or is_online(text):
        return True
    found, _ = _words(text)
    return any(word in _ONLINE or word in _UNDECIDED for word in found) and all(
        word in _ONLINE or word in _UNDECIDED or word in _BESIDE for word in found
    )


def pieces(text: str) -> list[str]:
    """What stands between commas, slashes, "and" and brackets."""
    inside = _BRACKETS.findall(text)
    return [piece for piece in (*_BETWEEN.split(_BRACKETS.sub(" ", text)), *inside) if piece.strip()]


def without_nowhere(city: str) -> str:
    """The text without the parts that say "online": "Berlin & Online" → "Berlin"; unchanged where nothing says so."""
    if is_nowhere(city):
        return ""
    city = _BRACKETS.sub(lambda bracket: "" if is_nowhere(bracket[1]) else bracket[0], city).strip(" ,-–")
    if is_nowhere(city):
        return ""
    if not any(is_nowhere(piece) for piece in _BETWEEN.split(city)):
        return city
    return "".join(_kept(city)).strip()


def _kept(city: str) -> Iterator[str]:
    """The pieces that name something, each but the first with its separator: "Austin, TX / Online" keeps its comma."""
    position, separator = 0, ""
    for match in [*_BETWEEN.finditer(city), None]:
        piece = city[position : match.start() if match else len(city)]
        if piece.strip() and not is_nowhere(piece):
            yield separator + piece
            separator = match[0] if match else ""
        elif match is not None and separator:
            separator = match[0]
        if match is not None:
            position = match.end()


def _words(text: str) -> tuple[list[str], bool]:
    """The folded words, those of a phrase taken out; whether a word or phrase says "online"."""
    folded = fold(_WITHOUT_BLANKS.sub(r" \1 ", text.replace("-line", "line")))
    said = False
    padded = f" {folded} "
    for phrase in _ONLINE_PHRASES:
        if f" {phrase} " in padded:
            padded, said = padded.replace(f" {phrase} ", " "), True
    found = padded.split()
    return found, said or any(word in _ONLINE for word in found)
