"""Opening what people hand in: plain, gzipped and zipped files, with their dangers refused before they are read."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TextIO

from data_access.imports.encodings import Guess, guess
from data_access.imports.rows import ImportRefused

MAX_FILE_BYTES = 2_000_000_000
MAX_ZIP_MEMBERS = 500
# In the list each file has 46 bytes and its name.
MAX_ZIP_LIST_BYTES = MAX_ZIP_MEMBERS * 1_000
MAX_COMPRESSION_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 10_000_000

DAMAGED = (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import: its name as the reader of a message knows it, and how to open it again from its start."""

    name: str
    size: int
    open_raw: Callable[[], BinaryIO]

    @property
    def stem(self) -> str:
        """The name without folder and endings, in lower case: `Data/Events v1.2.csv.gz` → `events v1.2`."""
        name = PurePosixPath(self.name.replace("\\", "/")).name.casefold()
        return name.removesuffix(".gz").rpartition(".")[0] or name

    @property
    def ending(self) -> str:
        """The last ending that says the format, in lower case and without `.gz`: `csv`, `ics`, `json`, `xlsx`."""
        endings = [part for part in self.name.casefold().split(".")[1:] if part != "gz"]
        return endings[-1] if endings else ""

    def open_binary(self) -> BinaryIO:
        """The content, unzipped when it is gzip, and stopped at `MAX_FILE_BYTES`."""
        raw = self.open_raw()
        head = raw.read(2)
        raw.seek(0)
        if head == b"\x1f\x8b":
            return io.BufferedReader(_Unzipped(raw, self.name), buffer_size=1 << 18)
        return raw

    @contextmanager
    def open_text(self) -> Iterator[TextIO]:
        """The content as text, in the encoding it is most likely written in, with line ends kept."""
        found = encoding_of(self)
        try:
            with self.open_binary() as binary:
                yield io.TextIOWrapper(binary, encoding=found.encoding, errors=found.errors, newline="")
        except UnicodeDecodeError as cause:
            raise ImportRefused(
                f"{self.name} is not readable as {found.encoding.upper()}: {cause.reason}. "
                "Save it as “CSV UTF-8” (in LibreOffice: character set Unicode UTF-8) and import it again."
            ) from cause
        except DAMAGED as cause:
            raise damaged(self, cause) from cause


@lru_cache(maxsize=1_000)
def encoding_of(file: SourceFile) -> Guess:
    """The encoding of the file's text, found by reading all of it once."""
    try:
        with file.open_binary() as binary:
            return guess(binary)
    except DAMAGED as cause:
        raise damaged(file, cause) from cause


def damaged(file: SourceFile, cause: BaseException) -> ImportRefused:
    return ImportRefused(f"{file.name} is damaged ({cause}). Copy or download it again.")


class _Unzipped(io.RawIOBase):
    """What a gzip holds, refused beyond `MAX_FILE_BYTES`: how much it unpacks to is not known beforehand."""

    def __init__(self, raw: BinaryIO, name: str) -> None:
        self._raw, self._stream = raw, gzip.GzipFile(fileobj=raw)
        self._name, self._left = name, MAX_FILE_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise ImportRefused(too_large(self._name))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        # GzipFile leaves the file that it was given open.
        self._stream.close()
        self._raw.close()
        super().close()


def too_large(name: str) -> str:
    return (
        f"{name} is larger than {MAX_FILE_BYTES / 1e9:.0f} GB. Split it into parts and import them one after another."
    )


def file_on_disk(path: Path, name: str = "") -> SourceFile:
    """A plain or gzipped file, under the name that messages give it."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ImportRefused(too_large(path.name))
    return SourceFile(name or path.name, size, lambda: path.open("rb"))


def files_in_folder(folder: Path) -> list[SourceFile]:
    """The files in the folder and its sub-folders, sorted by path; hidden ones are left alone."""
    return [
        file_on_disk(path, str(path.relative_to(folder)))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def files_in_zip(path: Path) -> list[SourceFile]:
    """The members of a zip, read in place: nothing is unpacked to disk; bombs, links and climbing paths are refused."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ImportRefused(too_large(path.name))
    archive = opened_zip(path.name, path)
    return [
        SourceFile(member.filename, member.file_size, lambda member=member: _open_member(archive, member))  # type: ignore[misc]  # the default binds the loop's value
        for member in safe_members(path.name, archive)
    ]


def opened_zip(name: str, source: Path | BinaryIO) -> zipfile.ZipFile:
    """The archive; refused before its list of files is read where that is too long to be read."""
    try:
        with source.open("rb") if isinstance(source, Path) else nullcontext(source) as binary:
            end = zipfile._EndRecData(binary)  # type: ignore[attr-defined]  # what ZipFile itself looks at first
        if end and end[zipfile._ECD_SIZE] > MAX_ZIP_LIST_BYTES:  # type: ignore[attr-defined]
            raise ImportRefused(f"{name} holds a list of more than {MAX_ZIP_MEMBERS} files; no more are read.")
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as cause:
        raise ImportRefused(f"{name} is not a readable zip ({cause}). Pack it again.") from cause


def safe_members(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The archive's files, without what file managers add; raises ImportRefused where opening it would be dangerous."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_ZIP_MEMBERS:
        raise ImportRefused(f"{name} holds {len(members):,} files; at most {MAX_ZIP_MEMBERS} are read.")
    if sum(member.file_size for member in members) > MAX_FILE_BYTES:
        raise ImportRefused(f"{name} unpacks to more than {MAX_FILE_BYTES / 1e9:.0f} GB. Split it into parts.")
    return [member for member in members if not _refuse_member(name, member)]


def _refuse_member(archive: str, member: zipfile.ZipInfo) -> bool:
    """True for members to leave out quietly (what file managers add); raises for dangerous ones."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or (name.parts and ":" in name.parts[0]):
        raise ImportRefused(
            f"{archive} holds {member.filename!r}, a path that leaves its folder. Pack only plain files."
        )
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        raise ImportRefused(f"{archive} holds {member.filename!r}, a link. Pack the file that it points to.")
    if member.flag_bits & 1:
        raise ImportRefused(f"{archive} is encrypted. Unpack it and import the folder.")
    if member.file_size > RATIO_MATTERS_FROM_BYTES and member.file_size > MAX_COMPRESSION_RATIO * member.compress_size:
        raise ImportRefused(
            f"{archive} holds {member.filename!r}, which unpacks to {member.file_size / 1e6:,.0f} MB from "
            f"{member.compress_size / 1e6:,.1f} MB, as a zip bomb does. Import the unpacked folder if it is genuine."
        )
    if name.suffix.casefold() == ".zip":
        raise ImportRefused(f"{archive} holds another zip, {member.filename!r}. Put the tables into one zip.")
    return name.name.startswith(".") or "__MACOSX" in name.parts


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    return io.BufferedReader(archive.open(member))  # type: ignore[type-var]  # ZipExtFile is a raw stream
