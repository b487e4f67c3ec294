"""The README and the pages beside it keep their word: programs run, commands and links exist."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "docs/operations.md"]  # those whose programs a reader runs from top to bottom
LINKING = ["README.md", *(f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md")))]

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def links(page: str) -> list[str]:
    """What a page links to beside itself."""
    found = re.findall(r'\]\(([^)\s]+)|(?:src|href|srcset)="([^"]+)"', BLOCK.sub("", text(page)))
    targets = {link.partition("#")[0] for pair in found for link in pair}
    return sorted(t for t in targets if t and not t.startswith(("http://", "https://", "mailto:")))


@pytest.mark.parametrize("page", PAGES)
def test_the_programs_of_a_page_run_in_order_and_print_what_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    report: list[str] = []
    for block in BLOCK.finditer(text(page)):
        if block[1] != "python":
            continue
        line = text(page).count("\n", 0, block.start()) + 1
        if ">>>" not in block[2]:
            exec(compile("\n" * line + block[2], page, "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(block[2], names, page, page, line)
        doctest.DocTestRunner(verbose=False).run(test, out=report.append, clear_globs=False)
        names |= test.globs
    assert not report, "".join(report)


@pytest.mark.parametrize("page", LINKING)
def test_the_make_commands_of_a_page_exist(page: str) -> None:
    prose = BLOCK.sub("", text(page))
    code = [block for _, block in BLOCK.findall(text(page))] + re.findall(r"`([^`\n]+)`", prose)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in {name for piece in code for name in re.findall(r"\bmake ([a-z][a-z-]*)", piece)}:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


@pytest.mark.parametrize("page", LINKING)
def test_the_links_of_a_page_lead_to_files(page: str) -> None:
    for link in links(page):
        assert (ROOT / page).parent.joinpath(link).exists(), link
