"""Publications that earlier versions of Uplift made, as files."""

from pathlib import Path

# Of the sample program, written by the last version before releases; most countries, languages and old quarters are
# taken out, to keep it small.
FORMAT_1 = Path(__file__).resolve().parent / "data_access" / "publishing" / "format_1.db.xz"
