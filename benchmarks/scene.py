"""What is asked, and of what: a release, its table for the peers, portfolios of any size; made once and kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from attributes import ATTRIBUTES, DAY
from contenders.with_standard_library import write_database
from portfolio import SEED, VERSION, write_portfolio
from smarthan.coverage import CoverageMatrix, postcode_reference, read_matrix
from smarthan.coverage.cache import cache_folder
from smarthan.coverage.demonstration import make_release
from smarthan.coverage.edition import EDITION
from smarthan.coverage.releases.store import demonstration_store
from smarthan.trial_data import make_trial

ROW_GROUP = 131_072


@dataclass(frozen=True)
class Scene:
    """A release over all postcodes of the country, or of one area for a quick try.

    Parameters
    ----------
    area : str, optional
        A postcode area such as "ZE".
    folder : Path, optional
        Where to keep what is made; by default the user's cache.
    """

    area: str | None = None
    folder: Path | None = None

    def postcodes(self) -> pd.Series:
        """Return the live postcodes."""
        live = postcode_reference()
        return live["postcode"] if self.area is None else live.loc[live["area"].eq(self.area), "postcode"]

    def release(self) -> Path:
        """Return the folder of the release: the demonstration release, or one of the area, made like it."""
        if self.area is None:
            store = Path(demonstration_store())
            return store / "releases" / (store / "CURRENT").read_text("ascii").strip()
        folder = self._folder() / "release"
        if not folder.exists():
            with tempfile.TemporaryDirectory() as scratch:
                live = postcode_reference()
                source = Path(scratch) / "synthetic.parquet"
                make_release(source, postcodes=live[live["area"].eq(self.area)])
                read_matrix(source).matrix.save(folder)
        return folder

    def table(self) -> Path:
        """Return the peers' table: every postcode of the release and what its best row says, as Parquet."""
        return self._keep("table-2.parquet", lambda path: pq.write_table(self._table(), path, row_group_size=ROW_GROUP))

    def portfolio(self, rows: int) -> Path:
        """Return a messy portfolio of so many rows, as Parquet."""
        name = f"portfolio-{VERSION}-{rows}.parquet"
        return self._keep(name, lambda path: write_portfolio(path, self.postcodes(), rows))

    def keys(self, count: int) -> Path:
        """Return postcodes with a single row in the release, in any order, as a text file with one a line."""
        return self._keep(f"keys-{count}.txt", lambda path: path.write_text("\n".join(self._draw_keys(count))))

    def trial(self, buildings_per_stratum: int, repeats: int) -> Path:
        """Return the folder of a clean building trial; it has nothing to do with the area."""
        return self._keep(
            f"trial-1-{buildings_per_stratum}-{repeats}",
            lambda path: make_trial(
                path, seed=1, buildings_per_stratum=buildings_per_stratum, repeats=repeats, errors=False
            ),
        )

    def csv(self) -> Path:
        """Return the rows of the release as a CSV file, as a network operator might send them."""
        return self._keep("matrix.csv", lambda path: _write_csv(self.release() / "matrix.parquet", path))

    def database(self) -> Path:
        """Return the peers' table as an sqlite database."""
        return self._keep("table-2.sqlite", lambda path: write_database(str(self.table()), path))

    def _folder(self) -> Path:
        return self.folder or cache_folder() / "benchmarks" / f"{EDITION}-{self.area or 'all'}"

    def _keep(self, name: str, make: Callable[[Path], object]) -> Path:
        path = self._folder() / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"partial-{name}")
            make(partial)
            partial.rename(path)
        return path

    def _table(self) -> pa.Table:
        postcodes = self.postcodes().reset_index(drop=True)
        answers = CoverageMatrix.open(self.release()).lookup_many(postcodes)
        held = answers.loc[answers["state"].notna(), [*ATTRIBUTES, DAY]]
        days = pa.array(held[DAY].to_numpy().astype("datetime64[D]"))
        columns = {name: pa.array(pd.Categorical(held[name].astype("str"))) for name in ATTRIBUTES}
        return pa.table({"postcode": pa.array(postcodes[held.index]), **columns, DAY: days})

    def _draw_keys(self, count: int) -> list[str]:
        held = pq.read_table(self.release() / "matrix.parquet", columns=["postcode"])["postcode"].to_pandas()
        single = held[~held.duplicated(keep=False) & held.notna()].to_numpy()
        return np.random.default_rng(SEED).choice(single, size=count).tolist()


def _write_csv(source: Path, path: Path) -> None:
    rows = pq.read_table(source).drop_columns(["location_kind", "wan_group"])
    texts = pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in rows.schema])
    pyarrow.csv.write_csv(rows.cast(texts), path)
