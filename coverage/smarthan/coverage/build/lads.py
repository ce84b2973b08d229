"""Local authority districts: their names and the statistical region of each."""

from __future__ import annotations

import pandas as pd

REGIONS = {
    "E12000001": "North East",
    "E12000002": "North West",
    "E12000003": "Yorkshire and The Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    "E12000007": "London",
    "E12000008": "South East",
    "E12000009": "South West",
    "S92000003": "Scotland",
    "W92000004": "Wales",
}

# Last digits of unitary (E06), metropolitan (E08) and county (E10) codes by region. Checked once: polygons dissolved by
# this rule overlap the ONS region polygons by 0.95 to 0.98.
_ENDINGS: dict[str, dict[str, tuple[int, ...]]] = {
    "E06": {
        "E12000001": (*range(1, 6), 47, 57),
        "E12000002": (*range(6, 10), 49, 50, 63, 64),
        "E12000003": (*range(10, 15), 65),
        "E12000004": (*range(15, 19), 61, 62),
        "E12000005": (*range(19, 22), 51),
        "E12000006": (*range(31, 35), 55, 56),
        "E12000008": (*range(35, 47), 60),
        "E12000009": (*range(22, 28), 30, 52, 53, 54, 58, 59, 66),
    },
    "E08": {
        "E12000001": (*range(21, 25), 37),
        "E12000002": tuple(range(1, 16)),
        "E12000003": (*range(16, 20), *range(32, 37), 38, 39),
        "E12000005": tuple(range(25, 32)),
    },
    "E10": {
        "E12000002": (17,),
        "E12000004": (7, 18, 19, 24),
        "E12000005": (28, 31, 34),
        "E12000006": (3, 12, 15, 20, 29),
        "E12000008": (11, 14, 16, 25, 30, 32),
        "E12000009": (8, 13),
    },
}
_BY_CODE = {
    f"{prefix}{number:06d}": region
    for prefix, regions in _ENDINGS.items()
    for region, numbers in regions.items()
    for number in numbers
}
_BY_PREFIX = {"E09": "E12000007", "S12": "S92000003", "W06": "W92000004"}

# Barnsley and Sheffield were given new codes; Code-Point Open 2025.2 still lists the old ones.
_RECODED = {"E08000038": "E08000016", "E08000039": "E08000019"}


def region_of_authority(code: str) -> str:
    """Return the statistical region of a unitary, metropolitan, London, Scottish, Welsh or county code.

    Raises
    ------
    ValueError
        When the rule does not know the code, as may happen after a reorganisation.

    Examples
    --------
    >>> region_of_authority("E06000047"), region_of_authority("E09000033"), region_of_authority("W06000001")
    ('E12000001', 'E12000007', 'W92000004')
    """
    region = _BY_PREFIX.get(code[:3]) or _BY_CODE.get(code)
    if region is None:
        raise ValueError(f"local authority or county {code}: no region known; add it to the table in build/lads.py")
    return region


def make_lad_table(codes: pd.Series, counties: pd.Series, names: dict[str, str]) -> pd.DataFrame:
    """Return one row a local authority district: lad25cd, name, region_code, region, country.

    Parameters
    ----------
    codes : Series of str
        Local authority code of every postcode; missing allowed.
    counties : Series of str
        County code (E10...) of the same postcodes, empty outside two-tier England. A non-metropolitan district (E07)
        takes the region of the county that most of its postcodes lie in; a few postcodes are stray.
    names : dict of str to str
        Code to name.

    Raises
    ------
    ValueError
        When a code has no name or no region.
    """
    listed = sorted(codes.dropna().unique())
    unnamed = [code for code in listed if code not in names and _RECODED.get(code) not in names]
    if unnamed:
        raise ValueError(f"local authority {unnamed[0]} has no name in Doc/Codelist.xlsx; {len(unnamed)} such in all")
    main_county = _find_main_county(codes, counties)
    regions = [region_of_authority(main_county.get(code, code)) for code in listed]
    return pd.DataFrame(
        {
            "lad25cd": listed,
            "name": [names.get(code) or names[_RECODED[code]] for code in listed],
            "region_code": regions,
            "region": [REGIONS[region] for region in regions],
            "country": [code[0] for code in listed],
        }
    )


def _find_main_county(codes: pd.Series, counties: pd.Series) -> dict[str, str]:
    tiered = codes.str.startswith("E07", na=False) & (counties != "")
    counts = pd.DataFrame({"lad": codes[tiered], "county": counties[tiered]}).value_counts().reset_index()
    first = counts.sort_values(["lad", "count", "county"], ascending=[True, False, True]).drop_duplicates("lad")
    return dict(zip(first["lad"], first["county"], strict=True))
