"""The parts of the package use only those before them, and the modules of a part make no circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "autograd_mini" / "derivation"
PARTS = ["reading", "meaning", "evaluating", "report", "checking", "diagnosing", "checker"]
PARTS += ["writing", "testing", "__init__", "notations", "formats", "listing", "cli"]
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
PREFIX = "autograd_mini.derivation"


def imported(file: Path) -> set[str]:
    """The modules of the package that a file imports, by their names within it."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = (PREFIX, *file.parent.parts) if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            if module.startswith(PREFIX):
                inner = module.removeprefix(PREFIX).strip(".")
                names = [f"{inner}.{alias.name}".strip(".") for alias in node.names]
                is_module = [(PACKAGE / f"{n.replace('.', '/')}.py").exists() for n in names]
                found |= {n if m else inner for n, m in zip(names, is_module, strict=True)}
    return {name or "__init__" for name in found}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_part_of_the_package_imports_only_those_before_it(file: Path) -> None:
    own = file.parts[0].removesuffix(".py")
    allowed = PARTS[: PARTS.index(own) + 1]
    assert {name.split(".")[0] for name in imported(file)} <= set(allowed)


def test_no_module_of_the_package_imports_itself_by_a_detour() -> None:
    names = {str(file.with_suffix("")).replace("/", "."): file for file in FILES}
    TopologicalSorter({name: imported(file) for name, file in names.items()}).prepare()
