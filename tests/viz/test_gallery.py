"""The gallery shows what its programs draw."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "gallery.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SHOWN = re.findall(r"\]\((.*?)\)", PAGE)


def test_every_entry_has_a_program_and_a_picture() -> None:
    assert len(PROGRAMS) == len(SHOWN) == PAGE.count("\n## ")


def test_every_picture_is_there_and_shown_and_small() -> None:
    there = {path.relative_to(DOCS).as_posix() for path in (DOCS / "pictures").iterdir()}
    assert there == set(SHOWN)
    for name in SHOWN:
        assert (DOCS / name).stat().st_size < 300_000


@pytest.mark.slow
def test_the_gallery_can_be_made_anew(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    command = [sys.executable, "-W", "error", str(DOCS / "make_gallery.py"), str(tmp_path)]
    done = subprocess.run(command, cwd=DOCS.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "gallery.md").read_text(encoding="utf-8") == PAGE
    made = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert made == {path.name for path in (DOCS / "pictures").iterdir()}
