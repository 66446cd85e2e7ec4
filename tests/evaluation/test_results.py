from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.cli.main import main
from avsynth.errors import UserError
from avsynth.evaluation.results import BLOCK, rewritten, tables_in
from avsynth.evaluation.statistics import Summary
from avsynth.evaluation.tables import Column, Heading, Table
from avsynth.files import write_json

ROOT = Path(__file__).parents[2]
PAGES = sorted(ROOT.glob("recipes/*/RESULTS.md"))
PAGE = """# Results

Before.

<!-- results/words.json -->
old figures
<!-- end -->

After.
"""


def table(title: str, value: float) -> Table:
    heading = Heading("made", 3, "true", "none", "abc", "avsynth wer")
    return Table(title, heading, (Column("wer", "WER", 3),), {"ours": {"wer": Summary(value, value, value, 3)}})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "results").mkdir()
    nested = {
        "seed": 1,
        "table": table("Words", 0.0456).to_json(),
        "more": [{"tables": [table("Again", 0.5).to_json()]}],
    }
    write_json(tmp_path / "results" / "words.json", nested)
    (tmp_path / "RESULTS.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "RESULTS.md"


def test_tables_of_a_page_come_from_the_files_beside_it(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "--check", str(page)]) == 1
    assert "differs" in capsys.readouterr().err and page.read_text() == PAGE
    assert main(["results", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert (
        "old figures" not in text
        and "**Words.** clips: made (3); " in text
        and "0.046" in text
        and "**Again.**" in text
    )
    assert text.startswith("# Results\n\nBefore.\n") and text.endswith("<!-- end -->\n\nAfter.\n")
    assert main(["results", "--check", str(page)]) == 0 and rewritten(page) == text


def test_every_table_in_a_file_is_found_in_order(page: Path) -> None:
    assert [item.title for item in tables_in(page.parent / "results" / "words.json")] == ["Words", "Again"]


def test_a_page_shows_what_it_selects(page: Path) -> None:
    def shown(selection: str) -> str:
        page.write_text(PAGE.replace("words.json", f"words.json; {selection}"), encoding="utf-8")
        return rewritten(page)

    text = shown("tables=Again; columns=wer; rows=ours")
    assert "**Again.**" in text and "**Words.**" not in text
    page.write_text(text, encoding="utf-8")
    assert rewritten(page) == text, "the selection stays in the page"
    for selection, named in (
        ("tables=None", "no table None"),
        ("durations=shifted", "no table shifted"),
        ("rows=theirs", "theirs"),
        ("clips=all", "'clips'"),
    ):
        with pytest.raises(UserError, match=named):
            shown(selection)


def test_what_is_no_result_is_one_line(page: Path) -> None:
    write_json(page.parent / "results" / "words.json", {"figures": [1, 2]})
    with pytest.raises(UserError, match=r"words\.json holds no table"):
        rewritten(page)
    write_json(page.parent / "results" / "words.json", table("Words", 1.0).to_json() | {"columns": [{"odd": 1}]})
    with pytest.raises(UserError, match="cannot be read"):
        rewritten(page)
    (page.parent / "results" / "words.json").unlink()
    with pytest.raises(UserError, match=r"words\.json"):
        rewritten(page)
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(UserError, match="has no table between"):
        rewritten(page)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "docs" / "server.md"], ids=lambda page: page.parent.name)
def test_pages_of_results_say_what_their_files_say(page: Path) -> None:
    assert rewritten(page) == page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_every_table_of_a_page_of_results_comes_from_a_file(page: Path) -> None:
    outside = BLOCK.sub("", page.read_text(encoding="utf-8"))
    assert not [line for line in outside.splitlines() if line.startswith("|")]
