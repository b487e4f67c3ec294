"""Every example runs and draws the pictures that it names; those that check can also fail."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

WITH_A_WRONG_DERIVATIVE = """
import runpy, sys
from autograd_mini import Value
backward = Value.backward
Value.backward = lambda self: backward(self, 1.0 + 1e-12)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_and_draws_the_pictures_that_it_names(
    example: Path, tmp_path: Path
) -> None:
    finished = run(tmp_path, example)
    assert finished.stderr == ""
    assert finished.returncode == 0, finished.stdout
    assert "unexpectedly" not in finished.stdout
    named = set(re.findall(r"out/\w+\.svg", finished.stdout))
    assert named == {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    for picture in named:
        assert ET.parse(tmp_path / picture).getroot().tag.endswith("svg")  # noqa: S314


WORKED = ["two_two_one", "dense_layers"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_on_a_page(example: Path) -> None:
    lines = example.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60 or example.stem in WORKED


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_network_fails_if_derivatives_are_wrong_in_the_twelfth_digit(
    name: str, tmp_path: Path
) -> None:
    finished = run(tmp_path, "-c", WITH_A_WRONG_DERIVATIVE, ROOT / "examples" / f"{name}.py")
    assert finished.returncode == 1, finished.stderr
    assert "unexpectedly" in finished.stdout
