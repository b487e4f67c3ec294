"""A measure of the tests: plants one bug at a time in a copy of the project, and runs them.

    python -m tests.mutation [word ...]

Reports which test finds each bug, and fails unless every bug is found. Words choose the bugs whose
file or description has one of them. Nothing of the project itself is changed. The bugs stand in
bugs.txt: in which file and what it is, the lines it takes out after a −, and those it puts in
after a +, the first of which may begin and the last end inside of a line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["autograd_mini", "nn", "viz", "tests", "docs", "conftest.py", "pyproject.toml"]

# The tests that know most of a file come first; the others follow where these find nothing.
FIRST = {
    "value.py": ["engine/test_value.py", "engine/test_backward.py", "engine/test_modes.py"],
    "reverse.py": ["engine/test_backward.py", "engine/test_dense.py", "engine/test_exactness.py"],
    "graph.py": ["engine/test_graph.py", "engine/test_transforms.py"],
    "dense.py": ["engine/test_dense.py"],
    "rows.py": ["test_rows.py", "engine/test_dense.py"],
    "fuse.py": ["test_fuse.py", "operations/test_rules.py"],
    "methods.py": ["engine/test_methods.py", "engine/test_dense.py"],
    "transforms.py": ["engine/test_transforms.py", "engine/test_modes.py"],
    "modes.py": ["engine/test_modes.py", "engine/test_methods.py"],
    "anomaly.py": ["engine/test_modes.py"],
    "caller.py": ["test_caller.py", "engine/test_value.py"],
    "custom.py": ["engine/test_custom.py"],
    "gradcheck.py": ["engine/test_gradcheck.py"],
    "snapshot.py": ["test_snapshot.py"],
    "expression.py": ["test_expression.py", "operations/test_notation.py"],
    "functions.py": ["test_functions.py"],
    "primitive.py": ["test_primitive.py", "engine/test_dense.py"],
    "operations/many.py": ["operations/test_rules.py", "test_snapshot.py"],
    "operations": [f"operations/test_{name}.py" for name in ("edges", "rules", "accuracy")],
    "kernels/elementary.py": [
        *("operations/test_edges.py", "operations/test_accuracy.py"),
        *("test_functions.py", "engine/test_dense.py"),
    ],
    "kernels": ["operations/test_edges.py", "operations/test_accuracy.py"],
}
ALL = [
    *(f"tests/test_{name}.py" for name in ("caller", "expression", "functions", "fuse", "rows")),
    *("tests/test_primitive.py", "tests/test_snapshot.py", "tests/operations", "tests/engine"),
    "autograd_mini",
    *("--ignore=autograd_mini/derivation", "--ignore=autograd_mini/program"),
]


@dataclass(frozen=True)
class Bug:
    """A bug to plant: in which file, what it is, the text it replaces, and what it puts."""

    file: str
    what: str
    old: str
    new: str

    @property
    def path(self) -> Path:
        """Where the file is in the project."""
        return Path("autograd_mini", self.file)

    def planted(self, root: Path) -> str:
        """The file of a copy of the project with the bug in it.

        Raises:
            ValueError: if the text that it replaces is not in the file, or in several places.
        """
        text = (root / self.path).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(
                f'"{self.what}" replaces what is {text.count(self.old)} times in the file; '
                f"it must be there once:\n{self.old}"
            )
        return text.replace(self.old, self.new)


def main(words: Sequence[str]) -> str:
    """Plant the bugs that the words choose, all without words; what to say if one survives."""
    bugs = [
        bug
        for bug in _listed()
        if not words or any(word in f"{bug.file} {bug.what}" for word in words)
    ]
    if not bugs:
        return f"there is no bug with any of {words}"
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in PARTS:
            if (ROOT / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "pictures")
                shutil.copytree(ROOT / part, copy / part, ignore=ignored)
            else:
                shutil.copy2(ROOT / part, copy / part)
        errors = list(filter(None, [_error(bug, copy) for bug in bugs]))
        if errors:
            return "\n".join(errors)
        finder = _finder(copy, ALL)
        if finder:
            return f"without any bug, this fails: {finder}"
        limit = 60.0 + 4.0 * (time.monotonic() - start)
        survivors = [bug for bug in bugs if not _found(copy, bug, limit)]
    found = len(bugs) - len(survivors)
    print(f"{found} of {len(bugs)} bugs found in {time.monotonic() - start:.0f} s")
    return "\n".join(f"survived: {bug.path}: {bug.what}" for bug in survivors)


def _error(bug: Bug, root: Path) -> str:
    """What keeps a bug from being planted, empty if nothing does."""
    try:
        compile(bug.planted(root), bug.file, "exec")
    except (SyntaxError, ValueError) as error:
        return f"{bug.path}: {error}"
    return ""


def _listed() -> Iterator[Bug]:
    text = Path(__file__).with_name("bugs.txt").read_text(encoding="utf-8")
    for entry in text.strip("\n").split("\n\n"):
        title, *lines = entry.split("\n")
        file, what = title.split(": ", 1)
        old, new = ([line[1:] for line in lines if line[0] == sign] for sign in "-+")
        yield Bug(file, what, "\n".join(old), "\n".join(new))


def _found(copy: Path, bug: Bug, limit: float) -> bool:
    path, aside = copy / bug.path, copy / "aside.py"
    planted = bug.planted(copy)
    path.rename(aside)  # it comes back as old as it was, so that what was compiled of it serves
    path.write_text(planted, encoding="utf-8")
    first = FIRST[bug.file if bug.file in FIRST else bug.file.partition("/")[0]]
    start = time.monotonic()
    tests = [f"tests/{name}" for name in first]
    finder = _finder(copy, tests, limit=limit) or _finder(copy, ALL, limit=limit)
    aside.replace(path)
    seconds = time.monotonic() - start
    print(f"{seconds:4.0f} s  {bug.file}: {bug.what}\n        {finder or 'SURVIVED'}", flush=True)
    return bool(finder)


def _finder(copy: Path, tests: Sequence[str], *, limit: float | None = None) -> str:
    """The test that fails first, empty if all pass; they may take so many seconds."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", *tests]
    # The same examples every time; what is compiled before the first bug serves all of them.
    settings = {"CI": "1", "PYTHONPATH": str(copy)}
    if limit is not None:
        settings["PYTHONDONTWRITEBYTECODE"] = "1"
    try:
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider"],
            cwd=copy,
            env=os.environ | settings,
            capture_output=True,
            encoding="utf-8",
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the tests do not end in {limit:.0f} s"
    if done.returncode == 0:
        return ""
    if "ImportError while loading conftest" in done.stderr:
        return "the package cannot be imported"
    if done.returncode not in (1, 2):  # 2: a module could not be imported
        raise RuntimeError(f"pytest could not run:\n{done.stdout}{done.stderr}")
    failed = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", done.stdout, flags=re.MULTILINE)
    return failed[1] if failed else done.stdout[-300:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
