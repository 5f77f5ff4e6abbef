"""In which encoding a file's text is written, and text that was once read in the wrong one ("CafÃ©")."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from typing import BinaryIO, NamedTuple

CHUNK = 1 << 20
_SAMPLE = 64 * 1024

# What people call them.
NAMES = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252 (Western European)",
    "mac_roman": "Mac Roman",
    "cp932": "Shift-JIS (Japanese)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "euc_kr": "EUC-KR (Korean)",
    "gb18030": "GB 18030 (Chinese)",
    "utf-8-sig": "UTF-8",
}
_GUESSED = ("cp1252", "mac_roman", "cp1250", "cp1251", "cp932", "euc_kr", "gb18030")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
STRAY = "uplift.stray"

_WESTERN = set("àâäåáãæçèéêëíñóôöõøúüßÀÂÄÅÁÃÆÇÈÉÊËÍÑÓÖØÚÜ")
_RARER = set("ìîïòùûýÿœÌÎÏÒÙÛÝŒÔÕ")
_CENTRAL = set("ąćęłńóśźżčďěňřšťůžőűăâîșțşţđáéíúýöüäßĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽŐŰĂÂÎŞŢĐÁÉÍÚÝÖÜÄ")
_SMALL = {letter for letter in _WESTERN | _RARER | _CENTRAL if letter.islower()} - {"ß"}
_OPENING, _CLOSING, _DASHES, _OTHER_SIGNS = set("“‘«„¿¡"), set("”’»…ªº°™®"), set("–—·•"), set("€£§©\u00a0")


class Guess(NamedTuple):
    """An encoding for Python's codecs, and how text is decoded where it does not fit: "strict" or `STRAY`."""

    encoding: str
    errors: str = "strict"

    @property
    def certain(self) -> bool:
        """Whether the file is UTF-8 throughout, as it should be."""
        return self == Guess("utf-8-sig")


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Single bytes that are not UTF-8 in a file that otherwise is: as the Western character they most likely are."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(STRAY, _stray)


def guess(binary: BinaryIO) -> Guess:
    """The encoding of the whole stream: what it says itself, UTF-8 where it is that throughout, or the likeliest."""
    chunk = binary.read(CHUNK)
    for mark, encoding in _MARKS:
        if chunk.startswith(mark):
            if encoding != "utf-8-sig":
                return Guess(encoding, "replace")
            break
    if silent := _silent_utf16(chunk):
        return Guess(silent, "replace")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = binary.read(CHUNK)
        decoder.decode(b"", True)
    except UnicodeDecodeError as wrong:
        # From where it goes wrong, which may be far behind the beginning; and what came right before.
        start = max(0, wrong.start - _SAMPLE // 2)
        return likeliest(wrong.object[start : start + _SAMPLE] + binary.read(_SAMPLE))
    return Guess("utf-8-sig")


def of_bytes(data: bytes) -> Guess:
    """The same for content that is at hand."""
    return guess(io.BytesIO(data))


def _silent_utf16(chunk: bytes) -> str:
    """UTF-16 without its mark: every other byte of mostly Latin text is zero."""
    sample = chunk[:2_000]
    if len(sample) >= 8 and sample.count(0) > len(sample) // 3:
        odd, even = sample[1::2].count(0), sample[::2].count(0)
        if odd > 10 * even:
            return "utf-16-le"
        if even > 10 * odd:
            return "utf-16-be"
    return ""


def likeliest(sample: bytes) -> Guess:
    """The encoding under which what is not ASCII looks most like words; the sample is known not to be UTF-8."""
    pieces = [piece for piece in re.split(rb"[\r\n]+", sample) if not piece.isascii()]
    fits = sum(_is_utf8(piece) for piece in pieces[1:-1] if piece)
    if fits and fits >= len(pieces) // 2:
        return Guess("utf-8-sig", STRAY)
    text = b"\n".join(pieces)
    scores = {encoding: _likeness(text, encoding) for encoding in _GUESSED}
    return Guess(max(scores, key=lambda encoding: scores[encoding]), "replace")


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _likeness(data: bytes, encoding: str) -> float:
    """How much the text looks like words, between −1 and 1 for each byte that is not ASCII."""
    text = data.decode(encoding, "replace")
    before, score = " ", 0.0
    for character, after in zip(text, [*text[1:], " "], strict=True):
        if not character.isascii():
            score += _worth(character, before, after, encoding)
        before = character
    return score / max(1, sum(byte > 127 for byte in data))


def _worth(character: str, before: str, after: str, encoding: str) -> float:
    if character == "\ufffd":
        return -2.0
    if encoding in ("cp932", "euc_kr", "gb18030"):
        # These take an ASCII letter for their second byte; between Latin letters their characters do not stand.
        latin = any(each.isascii() and each.isalpha() for each in (before, after))
        return -2.0 if latin else _worth_in_asia(character, encoding)
    if unicodedata.category(character)[0] != "L":
        return _worth_of_sign(character, before, after)
    # Within a word a capital after a small letter, or a small one between capitals, is what the wrong table gives.
    out_of_place = (
        character.isupper() if before.islower() else before.isupper() and after.isupper() and character in _SMALL
    )
    shape = -1.0 if out_of_place else 0.0
    if (before.isdigit() or character.isupper()) and not (before.isalpha() or after.isalpha()):
        shape -= 1.0
    if encoding == "cp1251":
        alone = not (_cyrillic(before) or _cyrillic(after))
        return shape + (1.0 if _cyrillic(character) and not alone else -0.5)
    if before.isalpha() and not before.isascii():
        shape -= 0.4
    if encoding == "cp1250":
        # The Western table stands a little before the Central one, with which it shares most letters.
        return shape + (0.85 if character in _CENTRAL else 0.0)
    return shape + (1.0 if character in _WESTERN else 0.9 if character in _RARER else 0.0)


def _worth_of_sign(character: str, before: str, after: str) -> float:
    """Signs that stand where they belong: quotes at the ends of words, dashes between, money beside digits."""
    fits = (
        (character in _OPENING and not before.isalnum() and after.isalnum())
        or (character in _CLOSING and before.isalnum())
        or (character in _DASHES and before.isalpha() == after.isalpha())
        or (character in _OTHER_SIGNS and not (before.isalpha() or after.isalpha()))
    )
    return 0.9 if fits else -0.7


def _worth_in_asia(character: str, encoding: str) -> float:
    """Each character stands for two bytes, and is worth at most as much as two."""
    code = ord(character)
    if encoding == "cp932" and (0x3040 <= code <= 0x30FF or code in (0x3001, 0x3002)):
        return 2.0
    if encoding == "euc_kr" and 0xAC00 <= code <= 0xD7A3:
        return 2.0
    if 0x4E00 <= code <= 0x9FFF:
        try:
            common = 0xB0 <= character.encode("gb2312")[0] <= 0xD7
        except UnicodeEncodeError:
            common = False
        return {"gb18030": 1.6 if common else 0.2, "cp932": 1.2, "euc_kr": 0.4}[encoding]
    return 0.5 if 0xFF01 <= code <= 0xFF5E or 0x3000 <= code <= 0x303F else -1.0


def _cyrillic(character: str) -> bool:
    return 0x0400 <= ord(character) <= 0x052F


# ---- text that was read in the wrong encoding before it came here ------------------------------------------------

_FOLLOWING = "".join(bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xC0)).replace("\ufffd", "")
_F = f"[{re.escape(_FOLLOWING)}\x81\x8d\x8f\x90\x9d]"
# Of Greek, Cyrillic, Hebrew and Arabic two letters at least: "CITÉ’S" and its like are no broken text.
_TWICE = re.compile(f"[ÂÃÄÅ]{_F}|[â-ï]{_F}{{2}}|ð{_F}{{3}}|(?:[ÎÏÐÑ×ØÙ]{_F}){{2,}}")
_LOST = re.compile(r"\ufffd|[^\W\d_]\?[^\W\d_]|(?<!\w)\?{3,}")


def mended(text: str) -> str:
    """The text as it was before UTF-8 was read as Windows-1252: "CafÃ©" → "Café"; the same text where nothing was."""
    if text.isascii():
        return text
    return _TWICE.sub(lambda found: _once(found.group()), text)


def _once(piece: str) -> str:
    data = b"".join(bytes([ord(c)]) if ord(c) < 0x100 else c.encode("cp1252") for c in piece)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return piece


def letters_lost(text: str) -> bool:
    """Whether letters of the text were replaced by question marks ("Montr?al"), which nothing brings back."""
    return bool(_LOST.search(text)) and "://" not in text
