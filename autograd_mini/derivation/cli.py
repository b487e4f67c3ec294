"""The command `autograd-mini`: check a document, write a derivation, start a notation.

Exit status: 0 all true, 1 something is false (or, with --strict, unchecked), 2 it could not run.
"""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd_mini import Value

__all__ = ["main"]

FORMATS = ("table", "text", "json", "sarif", "github", "html")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: the words after the command's name; None for those it was called with.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        run = {"check": _check, "derive": _derive, "notation": _notation}[options.command]
        return run(options)
    except ModuleNotFoundError as error:
        if error.name != "rich":
            raise
        _say(
            "autograd-mini needs rich: run pip install 'autograd-mini[derivations]'",
            file=sys.stderr,
        )
        return 2
    except (OSError, ValueError, TypeError, RuntimeError, LookupError) as error:
        _say(f"autograd-mini: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _say("autograd-mini: interrupted", file=sys.stderr)
        return 2


def _say(text: str, *, end: str = "\n", file: Any = None) -> None:
    (file or sys.stdout).write(text + end)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograd-mini", description="Derivations, written out and checked by autodiff."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="test every equation of a document")
    check.add_argument("document", nargs="+", help="Markdown or LaTeX files")
    check.add_argument("--notation", required=True, help="a Python file, or a shipped notation")
    check.add_argument("--points", type=int, default=5, help="random points of each size")
    check.add_argument("--seed", type=int, default=0, help="of the random points")
    check.add_argument("--time-limit", type=float, default=10.0, help="seconds for each claim")
    check.add_argument("--format", choices=FORMATS, default="table")
    check.add_argument("--output", type=Path, help="write there instead of printing")
    check.add_argument("--strict", action="store_true", help="what is unchecked fails too")
    check.add_argument("--all", action="store_true", help="list true claims as well")
    derive = commands.add_parser("derive", help="write the chain rule of a graph out")
    derive.add_argument("graph", help="a Python file that builds the graph")
    derive.add_argument("output", help="the variable to differentiate")
    derive.add_argument("wrt", nargs="+", help="the variables to differentiate by")
    derive.add_argument("--form", choices=("path", "backprop"))
    derive.add_argument("--format", choices=("text", "latex", "markdown"), default="text")
    derive.add_argument("--numbers", action="store_true", help="put the numbers in")
    notation = commands.add_parser("notation", help="list a document's symbols, to fill in")
    notation.add_argument("document")
    return parser


def _check(options: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415  # an extra

    from .checker import check  # noqa: PLC0415
    from .formats import FORMATS as WRITERS  # noqa: PLC0415
    from .formats import print_table  # noqa: PLC0415
    from .report import text  # noqa: PLC0415

    if options.format == "html" and len(options.document) > 1:
        raise ValueError("--format html writes one page: check one document at a time")
    reports = [
        check(Path(name), options.notation, points=options.points, seed=options.seed,
              time_limit=options.time_limit)
        for name in options.document
    ]  # fmt: skip
    if options.format == "table" and options.output is None:
        for report in reports:
            print_table(report, Console(), every=options.all)
    else:
        if options.format in ("table", "text"):
            written = "\n".join(text(report, every=options.all) for report in reports)
        else:
            written = WRITERS[options.format](*reports)
        if options.output is not None:
            options.output.write_text(written + "\n", encoding="utf-8")
        else:
            _say(written)
    failed = [r for r in reports if not r.ok or (options.strict and r.count("unchecked"))]
    return 1 if failed else 0


def _derive(options: argparse.Namespace) -> int:
    from .writing.derive import derive  # noqa: PLC0415

    path = Path(options.graph)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {options.graph}")
    try:
        names = runpy.run_path(str(path))
    except Exception as error:
        raise ValueError(f"{path} raised {type(error).__name__}: {error}") from error
    output, *wrt = [_named(names, name, path) for name in (options.output, *options.wrt)]
    found = derive(output, wrt, form=options.form)
    write: Any = getattr(found, options.format)
    _say(write(numbers=options.numbers))
    return 0


def _named(names: dict[str, Any], name: str, path: Path) -> Value:
    """A variable of a file, or a Value in it by its label."""
    found = names.get(name)
    if found is None:
        found = next((v for v in names.values() if isinstance(v, Value) and v.label == name), None)
    if not isinstance(found, Value):
        raise LookupError(  # noqa: TRY004  # the file lacks it
            f"{path} has no Value called {name!r}"
        )
    if not found.label:
        found.label = name
    return found


def _notation(options: argparse.Namespace) -> int:
    from .listing import notation_for  # noqa: PLC0415
    from .reading.document import read_document  # noqa: PLC0415

    _say(notation_for(read_document(Path(options.document))), end="")
    return 0
