"""A small trial, written in the open, that every test of reading starts from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Two buildings of one stratum: a semi with one dwelling, a low block with one sampled dwelling.
SMALL_TRIAL = {
    "frame": """\
stratum_id,archetype,meter_class,n_buildings,n_premises,source,ref_date,certainty
S1,semi,in_dwelling,1000,1000,Census 2011,2011-03-27,n
""",
    "surveyors": """\
surveyor_id,org,training_date
V1,Survey Co,2025-01-06
""",
    "instruments": """\
instrument_id,model,rssi_floor_dbm,rssi_ceiling_dbm,rssi_step_db,sensitivity_dbm,cal_date,cal_valid_days
I1,Maker A,-91,-10,1,-101,2025-01-10,365
""",
    "buildings": """\
building_id,stratum_id,archetype,storeys,basements,dwellings_n,wall_type,region
B1,S1,semi,2,0,1,cavity_brick,Wales
B2,S1,semi,3,0,2,solid_brick,Scotland
""",
    "dwellings": """\
dwelling_id,building_id,floor_no,outcome,p_incl_1,p_incl_2
D1,B1,0,complete,0.002,1
D2,B2,1,complete,0.002,0.5
""",
    "visits": """\
visit_id,building_id,surveyor_id,date,start_utc,end_utc,outcome,protocol_version
T1,B1,V1,2025-03-03,2025-03-03T09:00:00Z,2025-03-03T10:00:00Z,complete,1.0
T2,B2,V1,2025-03-03,2025-03-03T11:00:00Z,2025-03-03T12:00:00Z,complete,1.0
""",
    "locations": """\
location_id,building_id,dwelling_id,kind,meter_class,x_m,y_m,z_m,floor_no
L1,B1,D1,comms_hub,in_dwelling,0,0,0,0
L2,B1,D1,ihd,,3,4,0,0
L3,B2,D2,comms_hub,porch,0,0,0,0
L4,B2,D2,ihd,,0,0,2.8,1
""",
    "paths": """\
path_id,from_location,to_location,role,distance_m,walls_light,walls_heavy,floors
P1,L1,L2,CH-IHD,5.1,1,0,0
P2,L3,L4,CH-IHD,2.9,0,0,1
""",
    "measurements": """\
measurement_id,path_id,visit_id,instrument_id,technology,freq_hz,rssi_dbm,rssi_status,packets_sent,packets_ok,start_utc
M1,P1,T1,I1,zigbee_2g4,2440000000,-60,observed,1000,999,2025-03-03T09:10:00Z
M2,P2,T2,I1,zigbee_2g4,2440000000,-72,observed,1000,990,2025-03-03T11:10:00Z
M3,P2,T2,I1,zigbee_sub,868000000,,not_heard,1000,0,2025-03-03T11:20:00Z
""",
}


@pytest.fixture
def write_small_trial(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the small trial to a folder, with changes: table=(old text, new text)."""

    def write(**changes: tuple[str, str] | str | None) -> Path:
        tables = dict(SMALL_TRIAL)
        for name, change in changes.items():
            if change is None:
                del tables[name]
            elif isinstance(change, str):
                tables[name] = change
            else:
                assert change[0] in tables[name], f"{change[0]} does not stand in {name}"
                tables[name] = tables[name].replace(*change)
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def small_trial() -> dict[str, str]:
    """Return the text of the small trial's files by table name."""
    return dict(SMALL_TRIAL)


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that publishes rows to the store of the test, such as publish("2026-05-01", "LL57 2DG,true,").

    A row is postcode, available, anticipated; the day is the release's name too.
    """
    from smarthan.coverage import ReleaseStore

    def run(day: str, *rows: str, store: str = "store", **options: Any) -> Path:
        path = tmp_path / f"{store}-{day}.csv"
        lines = [f"{row},Central,Cellular,Low" for row in rows]
        head = "postcode,available,anticipated,csp_region,wan_technology,likelihood"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        options = {"as_of": day, "release_id": day, "accept_drift": "a few rows only", **options}
        ReleaseStore(tmp_path / store).publish(path, **options)
        return tmp_path / store

    return run
