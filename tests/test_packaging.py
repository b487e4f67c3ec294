"""What is installed: the wheel as a user gets it, in an environment of its own."""

import importlib
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import typing
import venv
import zipfile
from pathlib import Path

import graphviz  # type: ignore[import-untyped]  # the package has no annotations
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["autograd_mini", "nn", "viz"]
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
PURPOSES = [extra for extra in EXTRAS if extra not in {"all", "bench"}]
REQUIREMENTS = [
    *PYPROJECT["project"]["dependencies"],
    *(requirement for purpose in PURPOSES for requirement in EXTRAS[purpose]),
    *PYPROJECT["dependency-groups"]["dev"],
]


def run(*command: str | Path) -> str:
    """What a command prints; a failure shows what it printed as an error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel made from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    return python


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_exists_and_says_what_it_is(package: str) -> None:
    module = importlib.import_module(package)
    for name in module.__all__:
        thing = getattr(module, name)
        if callable(thing) and typing.get_origin(thing) is None:
            assert thing.__doc__, name
            assert thing.__doc__ != type(thing).__doc__, name
            assert not thing.__doc__.startswith(f"{name}("), name  # a dataclass says that of itself


def test_the_wheel_holds_three_typed_packages_and_no_other_name(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {
        *PACKAGES,
        "autograd_mini-0.1.0.dist-info",
    }
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)


def test_the_wheel_holds_every_file_of_its_packages(wheel: Path) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert files <= set(zipfile.ZipFile(wheel).namelist())


def test_the_sdist_holds_what_one_needs_to_work_on_the_project(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/")[1] for name in archive.getnames()}
    assert {"tests", "examples", "docs", "benchmarks", "Makefile", "requirements-dev.lock"} <= names


def test_an_installed_engine_computes_without_any_other_package(installed: Path) -> None:
    program = """if True:
        import sys
        from autograd_mini import Value, exp
        from nn import MLP

        x = Value(3.0)
        y = x * x + exp(x - 3)
        y.backward()
        (output,) = MLP(2, [3, 1], rng=0)([1.0, 2.0])
        print(y.data, x.grad, type(output).__name__)
        print({"graphviz", "numpy", "rich"} & sys.modules.keys())
    """
    assert run(installed, "-I", "-c", program).split() == ["10.0", "7.0", "Value", "set()"]


def test_the_installed_command_names_the_extra_that_it_needs(installed: Path) -> None:
    command = [str(installed), "-I", "-m", "autograd_mini", "check", "notes.md"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.fullmatch(
        r"autograd_mini.derivation needs \w+: run pip install 'autograd-mini\[derivations\]'\n",
        done.stderr,
    )


def test_installed_pictures_need_only_graphviz(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(Path(graphviz.__file__).parent, tmp_path / "graphviz")
    program = f"""if True:
        import sys
        sys.path.append({str(tmp_path)!r})
        import viz
        from autograd_mini import Value

        print(viz.draw(Value(2.0, label="x") * 3).source)
    """
    assert run(installed, "-I", "-c", program).startswith("digraph")


def test_the_lock_pins_and_hashes_every_package_and_names_no_place() -> None:
    packages = [line for line in LOCK.splitlines() if not line.startswith((" ", "#"))]
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert "://" not in LOCK
    assert "--find-links" not in LOCK


def test_the_lock_holds_every_requirement() -> None:
    required = {re.split(r"[^\w.-]", requirement)[0] for requirement in REQUIREMENTS}
    assert required <= set(re.findall(r"^([\w.-]+)==", LOCK, flags=re.MULTILINE))


def test_the_extra_all_is_every_purpose_of_a_user() -> None:
    assert EXTRAS["all"] == [f"autograd-mini[{','.join(PURPOSES)}]"]
