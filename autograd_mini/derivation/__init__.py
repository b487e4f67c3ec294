"""Derivations: the chain rule of a graph written out, and documents checked against it."""

try:
    from .checker import check
    from .evaluating.entries import entries, whole
    from .evaluating.notation import Notation, load_notation
    from .report import Finding, Report
    from .testing import assert_derivation
    from .writing.derive import Derivation, derive
    from .writing.matrices import dense_layer, elementwise_layer
except ModuleNotFoundError as error:
    raise ImportError(
        f"autograd_mini.derivation needs {error.name}: run pip install 'autograd-mini[derivations]'"
    ) from error

__all__ = [
    "Derivation",
    "Finding",
    "Notation",
    "Report",
    "assert_derivation",
    "check",
    "dense_layer",
    "derive",
    "elementwise_layer",
    "entries",
    "load_notation",
    "whole",
]
