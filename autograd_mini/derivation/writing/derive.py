"""Writes the chain rule of a graph out, as a sum over paths or one adjoint at a time.

What an operation's derivative is, and how it is written, is read off the table of operations;
here the parts are only put together.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograd_mini import Value, gradients, sigmoid
from autograd_mini.derivation.evaluating.notation import Notation
from autograd_mini.expression import Expression, symbol, write
from autograd_mini.graph import topological_order
from autograd_mini.operations import OPERATIONS
from autograd_mini.value import inputs_of

from .chain_rule import ChainRule, Step, count_paths, reaching, result_of
from .labels import Label, fresh, labels_of
from .terms import Style, adjoint_name, digits, written

__all__ = ["Derivation", "derive"]

_TWICE = re.compile(r"\((?:\\left)?\((-[^()\\]*?)(?:\\right)?\)\)")  # σ′((-2)) for σ′(-2)

Form = Literal["path", "backprop"]
MOST_PATHS = 24
LONGEST = 600  # characters of a factor


@dataclass(frozen=True)
class Derivation:
    """A chain rule written out.

    Attributes:
        output: what is differentiated.
        wrt: what it is differentiated by.
        form: "path" or "backprop".
        steps: the lines, in order.
        labels: the name of each Value.
    """

    output: Value
    wrt: tuple[Value, ...]
    form: Form
    steps: tuple[Step, ...]
    labels: Mapping[Value, Label]
    _symbols: Mapping[Value, Expression]
    _adjoints: Mapping[Value, Expression]

    def latex(self, *, numbers: bool = False) -> str:
        """The lines as a LaTeX `aligned`, for a display.

        Args:
            numbers: also put the numbers in, and give the final value.
        """
        lines = [self._line(step, "latex", numbers=numbers, equals=" &= ") for step in self.steps]
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def text(self, *, numbers: bool = False) -> str:
        """The lines in Unicode text."""
        return "\n".join(
            self._line(step, "text", numbers=numbers, equals=" = ") for step in self.steps
        )

    def markdown(self, *, numbers: bool = False) -> str:
        """The lines as a display in Markdown."""
        return f"$$\n{self.latex(numbers=numbers)}\n$$\n"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return self.text()

    def notation(self) -> Notation:
        """The notation to check this derivation with: the same graph at random leaves."""
        notation = Notation()

        def model(rng: random.Random) -> dict[str, Any]:
            twins = _replayed(self.output, rng)
            found: dict[str, Any] = {r"\sigma": sigmoid}
            apart = [value for value in self.labels if value not in twins]
            twins |= {value: Value(value.data) for value in apart}
            values = list(self.labels)
            slopes = gradients(twins[self.output], [twins[value] for value in values])
            for value, slope in zip(values, slopes, strict=True):
                found[self.labels[value].latex] = twins[value]
                if value in self._adjoints:
                    found[self._adjoints[value].name] = slope
            return found

        notation.scope(model)
        return notation

    def _line(self, step: Step, style: Style, *, numbers: bool, equals: str) -> str:
        name = getattr(self.labels[step.by], style)
        parts = []
        if step.adjoint:
            parts.append(adjoint_name(self._adjoints[step.by], style))
        if step.of is not None:
            top = getattr(self.labels[step.of], style)
            parts.append(
                rf"\frac{{\partial {top}}}{{\partial {name}}}"
                if style == "latex"
                else f"∂{top}/∂{name}"
            )
        else:
            parts.append(name)
        names = {self._symbols[v]: getattr(label, style) for v, label in self.labels.items()}
        names |= {e: adjoint_name(e, style) for e in self._adjoints.values()}
        parts.append(written(step.terms, style, names))
        if numbers:
            values = {self._symbols[v]: digits(v.data, style) for v in self.labels}
            slopes = gradients(self.output, list(self._adjoints)) if self._adjoints else []
            values |= {
                self._adjoints[v]: digits(slope, style)
                for v, slope in zip(self._adjoints, slopes, strict=True)
            }
            # Numbers side by side need a sign between them.
            put_in = written(step.terms, style, values).replace(r" \, ", r" \cdot ")
            put_in = _TWICE.sub(r"(\1)", put_in)
            parts += [put_in, digits(step.value, style, bare=True)]
        first, *rest = [part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1]]
        return first + equals + " = ".join(rest) if rest else first


def derive(
    output: Value,
    wrt: Value | Sequence[Value],
    *,
    form: Form | None = None,
    names: Mapping[Value, str] | None = None,
) -> Derivation:
    r"""The derivatives of one Value by others, written out.

    Args:
        output: what to differentiate.
        wrt: what to differentiate it by: a Value or several, anywhere in the graph.
        form: "path", one product for each path from the output; "backprop", one line for each
            node; None for paths as long as there are few.
        names: names to use in place of the Values' own labels, in LaTeX or Unicode.

    Raises:
        TypeError: if something that should be a Value is not.
        ValueError: if there is nothing to differentiate by, or too many paths to write.

    >>> x, w = Value(0.5, label="x"), Value(2.0, label="w")
    >>> z = w * x
    >>> z.label = "z"
    >>> y = z.sigmoid()
    >>> y.label = "y"
    >>> print(derive(y, w))
    ∂y/∂w = x · σ′(z)
    >>> print(derive(y, w).latex())
    \begin{aligned}
    \frac{\partial y}{\partial w} &= x \, \sigma'(z)
    \end{aligned}
    """
    inputs = (wrt,) if isinstance(wrt, Value) else tuple(wrt)
    for given in (output, *inputs):
        if not isinstance(given, Value):
            raise TypeError(
                "derive() differentiates a Value by Values, "
                f"not {type(given).__name__} {given!r:.50}"
            )
    if not inputs:
        raise ValueError("derive() needs something to differentiate by: give one Value or several")
    if form not in (None, "path", "backprop"):
        raise ValueError(f'there is no form {form!r}; use "path" or "backprop"')
    order = topological_order([output], inputs_of)
    counts = [count_paths(order, output, x) for x in inputs]
    if form is None:
        form = "path" if max(counts) <= MOST_PATHS else "backprop"
    if form == "path" and max(counts) > 1000:
        raise ValueError(f'there are {max(counts)} paths to write: use form="backprop"')
    labels = labels_of([*order, *[x for x in inputs if x not in set(order)]], names)
    number = {"u": 0, "v": 0}
    for value in (*order, *inputs):
        expanded = form == "path" and value.op and value is not output and value not in inputs
        if value not in labels and not expanded:
            letter = "u" if value.op else "v"
            number[letter] += 1
            labels[value] = fresh(letter, number[letter])
    symbols: dict[Value, Expression] = {}
    for value in (*order, *inputs):
        if value in labels:
            symbols.setdefault(value, symbol(labels[value].latex))
        else:
            symbols[value] = result_of(value, symbols)
    reader = ChainRule(symbols)
    slopes = dict(zip(inputs, gradients(output, list(inputs)), strict=True))
    if form == "path":
        steps = [
            Step(
                output,
                x,
                tuple(reader.paths(output, x, set(order))),
                adjoint=False,
                value=slopes[x],
            )
            for x in inputs
        ]
        if any(
            len(write(f)) > LONGEST
            for s in steps
            for t in s.terms
            for f in t
            if isinstance(f, Expression)
        ):
            return derive(output, inputs, form="backprop", names=names)
        return Derivation(output, inputs, form, tuple(steps), labels, symbols, {})
    letter = r"\delta"
    if any(label.latex.startswith(letter) for label in labels.values()):
        letter = r"\lambda"
    between = [v for v in order if v in reaching(order, inputs)]
    adjoints = {v: symbol(f"{letter}_{{{labels[v].latex}}}") for v in between}
    steps = list(reader.backprop(output, order, between, adjoints, inputs, slopes))
    return Derivation(output, inputs, form, tuple(steps), labels, symbols, adjoints)


def _replayed(output: Value, rng: random.Random) -> dict[Value, Value]:
    """The same graph at leaves near its own: each Value with its twin."""
    twins: dict[Value, Value] = {}
    for node in topological_order([output], inputs_of):
        if node.op:
            operands = [twins[o] if isinstance(o, Value) else o for o in node.operands]
            twins[node] = OPERATIONS[node.op](*operands)
        else:
            twins[node] = Value(
                node.data * rng.uniform(0.7, 1.4) + (rng.gauss() if not node.data else 0.0)
            )
    return twins
