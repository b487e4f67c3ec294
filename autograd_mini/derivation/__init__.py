"""Derivations: the chain rule of a graph written out, and documents checked against it."""

from .checker import check
from .derive import Derivation, derive
from .notation import Notation, entries, load_notation, whole
from .report import Finding, Report
from .testing import assert_derivation

__all__ = [
    "Derivation",
    "Finding",
    "Notation",
    "Report",
    "assert_derivation",
    "check",
    "derive",
    "entries",
    "load_notation",
    "whole",
]
