"""What changed between two releases, in words that follow from the table."""

from pathlib import Path

import pandas as pd
import pytest

from smarthan.charts import draw_net, draw_shares
from smarthan.charts.bundle import Facts, check_facts
from smarthan.coverage import CoverageMatrix, ReleaseDiff, accuracy, diff, read_matrix
from smarthan.findings import Finding, accuracy_by_technology_of, changes_of, net_of, revisions_of

HEADER = "postcode,csp_region,available,anticipated,wan_technology,likelihood,premises,premises_available\n"
BEFORE = "SW1A 1AA,South,true,,Cellular,High,20,20\nM1 1AE,North,false,2027-01-01,4G,Low,10,0\n"
AFTER = "SW1A 1AA,South,false,,Cellular,High,20,0\nM1 1AE,North,true,,4G,Low,10,10\nM1 1AF,North,true,,4G,Low,5,5\n"


def build(folder: Path, rows: str, day: str) -> CoverageMatrix:
    (folder / "m.csv").write_text(HEADER + rows)
    return read_matrix(folder / "m.csv", as_of=day, release_id=f"r-{day}", facts={"synthetic": True}).matrix


def problems_of(finding: Finding) -> list[str]:
    """What `show_chart` or `show_table` would refuse in the words of a finding."""
    said = finding.table_caption
    kind = "chart" if finding.alt else "table"
    texts = [said[name] for name in ("name", "title", "subtitle")]
    rest = (said["source"], said["n"], said["method"], tuple(said["notes"]))
    facts = Facts(kind, texts[0], texts[1], texts[2], finding.alt, *rest, 2, True)
    return list(check_facts(facts, finding.table))


@pytest.fixture
def found(tmp_path: Path) -> ReleaseDiff:
    return diff(build(tmp_path, BEFORE, "2026-11-02"), build(tmp_path, AFTER, "2027-02-01"))


def test_changes_are_told_and_say_synthetic(found: ReleaseDiff) -> None:
    finding = changes_of(found)
    assert finding.title == "1 location gained coverage, 1 lost it"
    assert "New in the later release" in finding.table["words"].tolist()
    assert "Beyond the limits of ordinary churn" in finding.n
    for each in (finding, revisions_of(found), net_of(found)):
        assert problems_of(each) == [], each.name
        assert each.table.attrs["synthetic"] is True


def test_what_was_planned_is_part_of_what_gained(found: ReleaseDiff) -> None:
    table = changes_of(found).table.set_index("words")
    assert table.index.get_loc("Of which planned before") == table.index.get_loc("Covered now, not before") + 1
    apart = ["New in the later release", "Covered now, not before", "Covered before, not now"]
    assert table.loc[apart, "covered_change"].sum() == -5
    assert "covered premises -5 net" in changes_of(found).n


def test_nothing_changed_is_said(tmp_path: Path) -> None:
    same = build(tmp_path, BEFORE, "2026-11-02")
    assert changes_of(diff(same, same)).title == "Nothing changed"
    assert revisions_of(diff(same, same)).title == "0 of 2 locations changed their state"


def test_net_adds_up_and_is_drawn(found: ReleaseDiff) -> None:
    finding = net_of(found)
    assert finding.title == "5 fewer premises covered than before"
    assert finding.table["net"].tolist() == [15, -20]
    assert "from North West +15 premises and London -20 premises" in finding.alt
    ax = draw_net(finding.table, label="region", more="more", less="less")
    assert [text.get_text() for text in ax.texts] == ["+15", "-20"]


def test_accuracy_by_technology_follows_the_rates(tmp_path: Path) -> None:
    matrix = build(tmp_path, AFTER.replace("false,,Cellular,High,20,0", "true,,Cellular,High,20,20"), "2026-11-02")
    installs = pd.DataFrame(
        {
            "install_id": ["a", "b", "c"],
            "report": ["8.14.1", "8.14.2", "8.14.1"],
            "installed_at": pd.to_datetime(["2026-11-05"] * 3),
            "postcode": ["SW1A 1AA", "M1 1AE", "M1 1AF"],
        }
    )
    finding = accuracy_by_technology_of(matrix, accuracy(matrix, installs))
    assert finding.title == "2G/3G fails least often, 4G most"
    assert finding.table["failure_rate"].tolist() == [0.0, 0.5]
    draw_shares(finding.table, label="group", share="failure_rate", low="low", high="high", decimals=1)
