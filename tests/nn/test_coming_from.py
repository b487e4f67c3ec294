"""The table for those who come from elsewhere: what it says to write here can be run."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "coming-from.md").read_text(encoding="utf-8")
(PROGRAM,) = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
ROWS = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
HERE = {code: None for row in ROWS for code in re.findall(r"`([^`]+)`", row[1])}


def test_every_row_has_three_columns() -> None:
    assert {len(row) for row in ROWS} == {3}


@pytest.mark.parametrize("code", HERE)
def test_what_is_written_here_runs(code: str) -> None:
    names: dict[str, object] = {}
    exec(PROGRAM, names)
    exec(code, names)
