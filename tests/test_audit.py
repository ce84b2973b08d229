"""The record as a page: whole, accessible, the same bytes again, and honest about what it was not given."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis import Appraisal, cross_check, read_appraisal, read_register, sample_appraisal
from smarthan.findings import information_of

ABSENT = (
    "A decision",
    "A score",
    "A simulation",
    "A value of information",
    "A cross-check by other methods",
    "A register",
)


class Page(HTMLParser):
    """Counts what a reader's software relies on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags[tag] += 1
        self.ids += [str(found["id"])] if "id" in found else []
        self.addresses += [str(found[name]) for name in ("src", "href") if name in found]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "th":
            assert found.get("scope") in ("col", "row")


@pytest.fixture(scope="module")
def sample() -> Appraisal:
    return sample_appraisal()


@pytest.fixture(scope="module")
def results(sample: Appraisal) -> list[object]:
    simulation = sample.simulate(4_000)
    information = simulation.value_of_information()
    decision = information.decide(n=[20, 60, 125])
    scores = [sample.score(name) for name in ("panel", "supplier")]
    return [*scores, simulation, information, decision, cross_check(sample, decision.shortlist)]


@pytest.fixture(scope="module")
def page(sample: Appraisal, results: list[object], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = sample.audit(tmp_path_factory.mktemp("audit") / "audit.html", *results)
    return path.read_text(encoding="utf-8")


def test_every_judgement_stands_on_the_page(sample: Appraisal, page: str) -> None:
    rows = re.findall(r'<table id="table-scores-.*?</table>', page, re.DOTALL)
    assert len(rows) == len(sample.options)
    assert sum(table.count("<tr>") - 1 for table in rows) == len(sample.judgements)
    assert "E03: Supplier A response (invented)" in page
    assert "10 February 2013" in page
    assert "57 of 60 = 94.26%" in page
    assert "18 GBP (15 GBP to 24 GBP)" in page


def test_files_seed_draws_and_versions_stand_on_the_page(sample: Appraisal, page: str) -> None:
    for source in sample.sources:
        assert source.sha256 in page
    assert "4,000 draws, seed 0, weights all, generator PCG64" in page
    assert re.search(r"<th scope=\"row\">numpy</th><td>\d", page)
    assert re.search(r"<th scope=\"row\">cross-check 1</th><td>pymcdm \d", page)


@pytest.mark.parametrize(
    "words",
    [
        "Consult on the shortlist. Shortlist: ZigBee 868 MHz, ZigBee dual-band hub and Narrowband PLC",
        "Synthetic.",
        "Rank acceptability, per cent of draws (standard error)",
        "Switching values of the leader",
        "Who would change the answer",
        "Expected value of knowing every score and must-have",
        "Agreement of other methods with the additive model",
        "The weakest evidence first: 40 of",
        "12 warnings noted while reading",
        "from 120 GBP to 0 GBP",
        "Working links in flats",
        "Contributions in points, weight times value, by the weights of panel",
    ],
)
def test_what_a_consultation_must_show_is_there(page: str, words: str) -> None:
    assert words in page


def test_the_page_is_accessible_in_what_can_be_read_off_it(page: str) -> None:
    found = Page(page)
    assert '<html lang="en-GB">' in page
    assert (found.tags["h1"], found.tags["main"], found.tags["title"]) == (1, 1, 1)
    assert all(later - earlier <= 1 for earlier, later in zip(found.headings, found.headings[1:], strict=False))
    assert found.tags["caption"] == found.tags["table"] > 30
    assert not [name for name, times in Counter(found.ids).items() if times > 1]
    assert '<th scope="col"></th>' not in page
    boxes = re.findall(r'role="region" tabindex="0" aria-label="([^"]*)"', page)
    assert len(boxes) == len(set(boxes))


def test_two_results_of_a_kind_stand_beside_each_other(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path)
    simulations = [appraisal.simulate(200, weights=weights) for weights in ("all", "simplex")]
    text = appraisal.audit(tmp_path / "a.html", *simulations).read_text(encoding="utf-8")
    assert "Simulation 2: 200 draws, all weights alike likely, seed 0" in text
    boxes = re.findall(r'role="region" tabindex="0" aria-label="([^"]*)"', text)
    assert len(boxes) == len(set(boxes))
    assert boxes[0].startswith("Table 1: ")


def test_the_page_asks_nothing_of_anybody(page: str) -> None:
    assert "default-src 'none'" in page
    assert all(address.startswith("#") for address in Page(page).addresses)
    assert not re.search(r"<script|@import|url\(|https?://", page)


def test_links_lead_somewhere(page: str) -> None:
    found = Page(page)
    assert {address.removeprefix("#") for address in found.addresses} <= set(found.ids)


def test_the_same_inputs_give_the_same_bytes(
    sample: Appraisal, results: list[object], page: str, tmp_path: Path
) -> None:
    path = sample_appraisal().audit(tmp_path / "again.html", *results)
    assert path.read_text(encoding="utf-8") == page
    assert sample.audit(path, *results).read_text(encoding="utf-8") == page


def test_what_was_not_given_is_said_to_be_absent(tmp_path: Path) -> None:
    text = read_small(tmp_path).audit(tmp_path / "a.html").read_text(encoding="utf-8")
    for what in ABSENT:
        assert re.search(rf"{what}.{{0,60}} was not given to this record", text), what
    assert "not simulated" in text


def test_text_of_the_files_never_becomes_markup(tmp_path: Path) -> None:
    text = read_small(tmp_path).audit(tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<title>Audit record: Small &amp; &lt;simple&gt;</title>" in text
    assert "quoted &lt;b&gt;" in text
    assert "<simple>" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([('gates = [{id = "safe", label = "Is safe"}]\n', ""), *[(row, "") for row in (
            "a,safe,x,yes,,,,,,,,E1,high,\n", "b,safe,x,yes,,,,,,,,E1,high,\n", "b,safe,y,unknown,,,,,,,0.5,E1,low,\n",
            "c,safe,x,yes,,,,,,,,E1,high,\n")]], "The appraisal states no must-haves."),
        ([("b,safe,x,yes", "b,safe,x,no"), ("c,safe,x,yes", "c,safe,x,no")], "nothing can switch"),
        ([("b,safe,y,unknown,,,,,,,0.5", "b,safe,y,yes,,,,,,,")], "Every option passes every must-have."),
        ([('status = "draft"', 'status = "agreed"')], "No change since they were agreed is known"),
        ([("b,cost,y,,50,45,90,,,,,,,quoted <b>\n", "")], "None: each score was given by one assessor"),
        ([("E2,An old claim,claim,2010-01-01,claim.pdf,low,a maker", "E2,A claim,claim,2019-01-01,c,high,a"),
          (",,,,,,,quoted <b>", ",,,,,E1,high,quoted")], "None: the files were read without an error or a warning"),
        ([("max_shortlist = 1", "max_shortlist = 3"), ("max_regret = 0.5", "max_regret = 0.0")], "Option C"),
        ([("b,reach,x,,0.9,0.5,1.0", "b,reach,x,,0.6,0.5,0.7"), ("b,cost,y,,50,45,90", "b,cost,y,,60,50,90")],
         "no weight of one criterion alone changes the leader"),
    ],
    ids=["no_gate", "one_left", "all_pass", "agreed", "one_assessor", "no_problem", "long_list", "no_switch"],
)  # fmt: skip
def test_odd_appraisals_have_a_whole_record(tmp_path: Path, changes: list[tuple[str, str]], words: str) -> None:
    appraisal = read_small(tmp_path, *changes)
    simulation = appraisal.simulate(300)
    information = simulation.value_of_information()
    given = (appraisal.score(), simulation, information, information.decide())
    text = appraisal.audit(tmp_path / "a.html", *given).read_text(encoding="utf-8")
    assert words in text
    assert Page(text).tags["section"] == 15


@pytest.mark.parametrize(
    ("by", "words"), [("criterion", "Reach, all options"), ("option", "everything about Option B")]
)
def test_what_could_be_learnt_is_said_in_words(tmp_path: Path, by: str, words: str) -> None:
    appraisal = read_small(tmp_path)
    information = appraisal.simulate(200).value_of_information(by)
    assert words in appraisal.audit(tmp_path / "a.html", information).read_text(encoding="utf-8")


def test_a_list_of_every_option_leaves_nothing_to_be_true(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path, ("max_shortlist = 1", "max_shortlist = 3"))
    assert "Every option is on the shortlist." in appraisal.audit(tmp_path / "a.html").read_text(encoding="utf-8")


def test_intervals_alone_still_give_a_record(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    read_small(folder)
    rows = ("assessor,criterion,low,high", "band,cost,0.2,0.6", "band,reach,0.2,0.6", "band,ease,0.1,0.4")
    (folder / "weights.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    appraisal = read_appraisal(folder)
    simulation = appraisal.simulate(300, weights="interval:band")
    text = appraisal.audit(tmp_path / "a.html", simulation).read_text(encoding="utf-8")
    assert "No set states single weights, only intervals" in text
    assert "0.2 to 0.6" in text


def test_an_appraisal_made_in_memory_says_that_it_has_no_files(tmp_path: Path) -> None:
    appraisal = replace(read_small(tmp_path), sources=())
    assert "was not read from files" in appraisal.audit(tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_failed_record_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    appraisal = read_small(tmp_path)
    path = appraisal.audit(tmp_path / "a.html")
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    def fail(*_: object) -> str:
        raise OSError("no space")

    monkeypatch.setattr("smarthan.analysis.record.audit.render_record", fail)
    with pytest.raises(OSError, match="no space"):
        appraisal.audit(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert not list(tmp_path.glob(".a.html*"))


def test_nothing_is_written_where_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="cannot be shown"):
        read_small(tmp_path).audit(tmp_path / "a.html", 3)
    assert not (tmp_path / "a.html").exists()


def test_the_folder_must_exist(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        read_small(tmp_path).audit(tmp_path / "missing" / "a.html")


def test_the_pack_counts_what_is_worth_knowing_as_the_page_does(sample: Appraisal, tmp_path: Path) -> None:
    simulation = sample.simulate(20_000)
    page = sample.audit(tmp_path / "audit.html", simulation.value_of_information()).read_text(encoding="utf-8")
    found = information_of(sample, simulation)
    useful, total = map(int, re.findall(r"(\d+) of (\d+) things are worth knowing", found.title)[0])
    assert f"{total - useful} of {total} could not change the choice" in page
    assert f"{total - useful} are worth nothing" in found.n


REGISTER = """id,kind,title,area,owner_group,raised,due,status,closed,priority,links
G1,gap,Riser loss <unknown>,building,project,2026-01-10,2026-03-01,open,,low,option:a; criterion:reach
G2,issue,No certificate seen,security,project,2026-01-10,,in_progress,,high,criterion:safe; option:a
G3,risk,Closed long ago,building,project,2026-01-10,2026-03-01,closed,2026-02-01,high,option:a
G4,action,Of another appraisal,building,project,2026-01-10,2026-03-30,open,,high,option:zz; technology:a
"""


def test_what_is_open_on_it_stands_beside_what_it_bears_on(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    register = read_register(tmp_path / "register.csv", day="2026-03-31")
    text = read_small(tmp_path / "small").audit(tmp_path / "a.html", register).read_text(encoding="utf-8")
    section = text[text.index("As of 31 March 2026") :].partition("</section>")[0]
    assert "2 of 3 live entries" in section
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)]
    assert rows[1:] == [
        ["Option A", "G2", "No certificate seen", "high", "no day agreed", "no"],
        ["Option A", "G1", "Riser loss &lt;unknown&gt;", "low", "1 March 2026", "30 days"],
        ["Reach", "G1", "Riser loss &lt;unknown&gt;", "low", "1 March 2026", "30 days"],
        ["Is safe", "G2", "No certificate seen", "high", "no day agreed", "no"],
    ]


def test_a_register_with_nothing_on_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text(
        REGISTER.partition("G1")[0] + "G4" + REGISTER.partition("G4")[2], encoding="utf-8"
    )
    register = read_register(tmp_path / "register.csv", day="2026-03-31")
    text = read_small(tmp_path / "small").audit(tmp_path / "a.html", register).read_text(encoding="utf-8")
    assert "0 of 1 live entries" in text
    assert 'id="table-open-1"' not in text
