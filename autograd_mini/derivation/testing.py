"""A helper for tests: a derivation that must hold."""

from __future__ import annotations

from pathlib import Path

from .checker import check
from .evaluating.notation import Builder, Notation
from .report import Report, text

__all__ = ["assert_derivation"]


def assert_derivation(
    document: str | Path,
    model: Notation | Builder | str | Path,
    *,
    strict: bool = False,
    points: int = 5,
    seed: int = 0,
) -> Report:
    r"""Check a document and fail with the report if a claim of it is false.

    Args:
        document: a path, or the text itself.
        model: a notation, the path of a file that defines one, or a function that builds a model.
        strict: fail as well if a claim could not be checked.
        points: random points of each size.
        seed: of the points.

    Returns:
        The report.

    Raises:
        AssertionError: if a claim is false, or none was found.

    >>> def square(rng):
    ...     x = Value(rng.gauss())
    ...     return {"x": x, "y": x * x}
    >>> from autograd_mini import Value
    >>> assert_derivation(r"$\frac{dy}{dx} = 2x$", square).summary()
    '1 claim: 1 true, 0 false, 0 unchecked'
    """
    report = check(document, model, points=points, seed=seed)
    if not report.findings:
        raise AssertionError(
            f"{report.document} holds no claim: is its mathematics between $ or $$?"
        )
    if not report.ok or (strict and report.count("unchecked")):
        raise AssertionError("\n" + text(report))
    return report
