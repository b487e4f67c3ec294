"""The README keeps its word: its programs run, its commands and its links exist."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
PROGRAMS = [
    pytest.param(block[2], id=f"line {README.count(chr(10), 0, block.start()) + 2}")
    for block in BLOCK.finditer(README)
    if block[1] == "python"
]
PROSE = BLOCK.sub("", README)
CODE = [block for _, block in BLOCK.findall(README)] + re.findall(r"`([^`\n]+)`", PROSE)
COMMANDS = sorted({name for code in CODE for name in re.findall(r"\bmake ([a-z][a-z-]*)", code)})
LINKS = sorted(
    {
        link.partition("#")[0]
        for pair in re.findall(r'\]\(([^)\s]+)|(?:src|href|srcset)="([^"]+)"', PROSE)
        for link in pair
        if link and not link.startswith(("http://", "https://", "mailto:", "#"))
    }
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_in_the_readme_runs_and_prints_what_it_shows(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    if ">>>" not in program:
        exec(compile(program, "README.md", "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(program, names, "README.md", "README.md", 0)
    report: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert not report, "".join(report)


@pytest.mark.parametrize("target", COMMANDS)
def test_a_make_command_in_the_readme_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("link", LINKS)
def test_a_link_in_the_readme_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()
