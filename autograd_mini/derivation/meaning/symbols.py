"""The symbols that a part of a document has, and those that are known without a notation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.tokens import Token

from . import nodes as m
from .names import Key

__all__ = ["ARRAY_FUNCTIONS", "CONSTANTS", "Symbols", "UnknownName", "written_name"]

CONSTANTS = {"e": 2.718281828459045, "\\pi": 3.141592653589793, "\\infty": float("inf")}
ARRAY_FUNCTIONS = {
    "diag": "diag", "tr": "trace", "Tr": "trace", "trace": "trace", "\\det": "det",
    "softmax": "softmax", "vec": "vec", "\\max": "max", "\\min": "min", "max": "max",
    "min": "min", "Softmax": "softmax", "\\tr": "trace", "\\diag": "diag", "mean": "mean",
    "sum": "sum", "\\dim": "dim",
}  # fmt: skip


@dataclass
class Symbols:
    """The symbols that a resolver knows.

    Attributes:
        keys: the keys of the notation and of the document's definitions.
        functions: those of them that stand for functions.
        dimensions: the names of sizes.
        words: the symbols of several letters.
    """

    keys: dict[str, Key] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    dimensions: set[str] = field(default_factory=set)
    words: frozenset[str] = frozenset()

    def functions_named(self) -> set[str]:
        """The names of the functions."""
        return {self.keys[text].name for text in self.functions}

    def knows(self, name: str) -> bool:
        """Whether some key has this name, whatever its indices."""
        return any(key.name == name for key in self.keys.values())


class UnknownName(m.Unresolved):
    """A symbol that neither the notation nor the document defines."""

    def __init__(self, message: str, node: s.Name) -> None:
        super().__init__(message, node.at)
        self.node = node


def written_name(node: s.Name) -> str:
    """A symbol as it is written, indices included."""

    def spell(tokens: Sequence[Token]) -> str:
        return "".join(t.text if not t.inner else f"{t.text}{{{spell(t.inner)}}}" for t in tokens)

    sub = f"_{{{spell(node.scripts.sub)}}}" if node.scripts.sub else ""
    sups = "".join(f"^{{{spell(sup)}}}" for sup in node.scripts.sups)
    return node.text + "'" * node.scripts.primes + sups + sub
