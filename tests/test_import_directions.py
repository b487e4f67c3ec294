"""The arrows between modules go one way only."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module of autograd_mini imports only modules that stand before it. A package stands as a whole.
ORDER = [
    "primitive",
    "kernels",
    "operations",
    "functions",
    "graph",
    "traced",
    "expression",
    "fuse",
    "rows",
    "methods",
    "reverse",
    "modes",
    "caller",
    "anomaly",
    "value",
    "dense",
    "transforms",
    "gradcheck",
    "custom",
    "roles",
    "snapshot",
    "__init__",
    "program",
    "derivation",
    "__main__",
]

# The modules of the engine whose public names the others may use, and what is drawn.
USED_BY_NN = {"autograd_mini", "autograd_mini.program"}
USED_BY_VIZ = {"autograd_mini.snapshot"}
VALUE = ("autograd_mini", "Value")


def modules(package: str) -> list[Path]:
    """The files of a package, relative to the root."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))


def imports(file: Path) -> Iterator[tuple[str, str]]:
    """Every module that a file imports, in functions too, with each name taken from it."""
    package = file.parent.parts
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((module, name.name) for name in node.names)


def place(dotted: str) -> str:
    """The entry of ORDER to which a dotted name inside autograd_mini belongs."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ORDER else "__init__"


def packages_imported(file: Path) -> set[str]:
    return {module.partition(".")[0] for module, _ in imports(file)}


def is_public(module: str, name: str) -> bool:
    return name in importlib.import_module(module).__all__


def test_every_module_of_the_engine_has_a_place_in_the_order() -> None:
    entries = (file.relative_to("autograd_mini").parts[0] for file in modules("autograd_mini"))
    assert {entry.removesuffix(".py") for entry in entries} == set(ORDER)


@pytest.mark.parametrize("file", modules("autograd_mini"), ids=str)
def test_a_module_of_the_engine_imports_only_those_before_it(file: Path) -> None:
    own = file.relative_to("autograd_mini").parts[0].removesuffix(".py")
    imported = {
        place(f"{module}.{name}")
        for module, name in imports(file)
        if module.partition(".")[0] == "autograd_mini"
    }
    earlier = set(ORDER[: ORDER.index(own)])
    assert imported <= (earlier if file.parent.name == "autograd_mini" else earlier | {own})


@pytest.mark.parametrize("file", modules("autograd_mini"), ids=str)
def test_the_engine_knows_neither_networks_nor_pictures(file: Path) -> None:
    assert packages_imported(file).isdisjoint({"nn", "viz"})


@pytest.mark.parametrize("file", modules("nn"), ids=str)
def test_networks_use_only_public_names_of_the_engine(file: Path) -> None:
    assert "viz" not in packages_imported(file)
    for module, name in imports(file):
        if module.partition(".")[0] == "autograd_mini":
            assert module in USED_BY_NN
            assert is_public(module, name)


@pytest.mark.parametrize("file", modules("viz"), ids=str)
def test_pictures_are_made_from_snapshots(file: Path) -> None:
    assert "nn" not in packages_imported(file)
    for module, name in imports(file):
        if module.partition(".")[0] == "autograd_mini" and (module, name) != VALUE:
            assert module in USED_BY_VIZ
            assert is_public(module, name)


def test_engine_and_networks_need_nothing_but_the_standard_library() -> None:
    program = (
        "import sys; before = set(sys.modules)\n"
        "import autograd_mini, nn\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) - sys.stdlib_module_names == {"autograd_mini", "nn"}
