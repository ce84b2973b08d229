"""Hostile and broken coverage files with a manifest of what must become of each: `python -m tests.corpus OUT`.

Every file is a small release that can be checked by eye, with one thing wrong (or odd and yet right). The same call
writes the same bytes. A family of cases is a file `corpus_<family>.py` whose functions yield them; `FAMILIES` lists the
functions in order, and a new format is one more file and its lines there. A crash found later becomes a case here.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import corpus_dates as dates
from tests import corpus_encodings as encodings
from tests import corpus_gzip as gzips
from tests import corpus_headers as headers
from tests import corpus_keys as keys
from tests import corpus_parquet as parquet
from tests import corpus_parquet_damage as damage
from tests import corpus_rows as rows
from tests import corpus_sizes as sizes
from tests import corpus_structures as structures
from tests import corpus_values as values
from tests import corpus_vast as vast
from tests.corpus_case import Case

FAMILIES = (
    *(encodings.encodings, encodings.mixtures, encodings.line_ends),
    *(structures.quotes, structures.quotes_astray, structures.row_lengths, structures.rows_not_data),
    structures.columns,
    *(headers.names_read, headers.columns_beyond, headers.delimiters, headers.names_refused),
    *(sizes.empty_files, sizes.long_cells, sizes.spreadsheet_limits),
    *(vast.vast_rows, vast.vast_pairs, vast.vast_cells, vast.vast_heads),
    sizes.misnamed,
    *(gzips.gzips, gzips.gzips_damaged),
    *(parquet.parquets, parquet.parquet_notes, parquet.parquet_types, parquet.parquet_numbers),
    *(parquet.parquet_columns, parquet.parquet_bombs),
    *(damage.misnamed_parquets, damage.cut_parquets, damage.flips),
    keys.keys,
    *(values.categories, dates.dates, values.numbers, values.texts),
    *(rows.rules_of_cells, rows.rows_alike, rows.keys_alike, rows.rows_together),
)


def families() -> Iterator[Case]:
    """Yield every case, family by family."""
    for family in FAMILIES:
        yield from family()


def write_corpus(folder: Path) -> list[Case]:
    """Write every file and `manifest.json` to a folder; return the cases."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = list(families())
    if len({case.id for case in cases}) != len(cases):
        raise ValueError("two cases have one id")
    for case in cases:
        (folder / case.input).write_bytes(case.data)
    manifest = json.dumps([case.facts() for case in cases], indent=1, ensure_ascii=True)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    return cases


if __name__ == "__main__":
    written = write_corpus(Path(sys.argv[1]))
    sys.stdout.write(f"{len(written)} cases in {sys.argv[1]}\n")
