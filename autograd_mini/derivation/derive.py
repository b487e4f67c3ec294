"""Writes the chain rule of a graph out, as a sum over paths or one adjoint at a time.

What an operation's derivative is, and how it is written, is read off the table of operations;
here the parts are only put together.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograd_mini import Value, gradients, sigmoid
from autograd_mini.expression import Expression, formulas, interpret, symbol, write
from autograd_mini.graph import topological_order
from autograd_mini.operations import OPERATIONS
from autograd_mini.value import inputs_of

from .labels import Label, fresh, labels_of, make_label
from .notation import Notation

__all__ = ["Derivation", "Step", "derive"]

Form = Literal["path", "backprop"]
Style = Literal["text", "latex"]
MOST_PATHS = 24
LONGEST = 600  # characters of a factor

mul, add, power = OPERATIONS["mul"], OPERATIONS["add"], OPERATIONS["pow"]


@dataclass(frozen=True)
class Step:
    """One line: a derivative, or a name, and the terms that add up to it.

    Attributes:
        of: what is differentiated, None where the line only names a result.
        by: what it is differentiated by, or the result that is named.
        terms: each term as its factors.
        adjoint: whether the line also gives the adjoint δ its value.
        value: the number it comes to.
    """

    of: Value | None
    by: Value
    terms: tuple[tuple[Expression | float, ...], ...]
    adjoint: bool
    value: float


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
            parts.append(_adjoint_name(self._adjoints[step.by], style))
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
        names |= {e: _adjoint_name(e, style) for e in self._adjoints.values()}
        parts.append(_written(step.terms, style, names))
        if numbers:
            values = {self._symbols[v]: _digits(v.data, style) for v in self.labels}
            slopes = gradients(self.output, list(self._adjoints)) if self._adjoints else []
            values |= {
                self._adjoints[v]: _digits(slope, style)
                for v, slope in zip(self._adjoints, slopes, strict=True)
            }
            # Numbers side by side need a sign between them.
            put_in = _written(step.terms, style, values).replace(r" \, ", r" \cdot ")
            parts += [put_in, _digits(step.value, style, bare=True)]
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
    counts = [_count_paths(order, output, x) for x in inputs]
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
            symbols[value] = _result(value, symbols)
    reader = _Reader(symbols)
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
    between = [v for v in order if v in _reaching(order, inputs)]
    adjoints = {v: symbol(f"{letter}_{{{labels[v].latex}}}") for v in between}
    steps = list(reader.backprop(output, order, between, adjoints, inputs, slopes))
    return Derivation(output, inputs, form, tuple(steps), labels, symbols, adjoints)


class _Reader:
    """Reads local derivatives off the table, as expressions of names."""

    def __init__(self, symbols: Mapping[Value, Expression]) -> None:
        self.symbols = symbols

    def local(self, node: Value) -> list[tuple[Value, Expression | float]]:
        """Each operand that is a Value, with the derivative by it."""
        primitive = OPERATIONS[node.op]
        operands = [self.symbols[o] if isinstance(o, Value) else o for o in node.operands]
        if primitive.variadic:
            found = primitive.rules[0](tuple(operands), self.symbols[node])
        else:
            names, rules = formulas(primitive)
            found = interpret(rules, dict(zip(names, (*operands, self.symbols[node]), strict=True)))
        return [
            (operand, _simple(slope))
            for operand, slope in zip(node.operands, found, strict=True)
            if isinstance(operand, Value)
        ]

    def paths(
        self, output: Value, by: Value, reached: set[Value]
    ) -> Iterator[tuple[Expression | float, ...]]:
        """The factors along each path, in the order in which a person writes them."""
        if by not in reached:
            yield (0.0,)
            return
        to = _reaching(topological_order([output], inputs_of), (by,))
        pending: list[tuple[Value, tuple[Expression | float, ...]]] = [(output, ())]
        while pending:
            node, factors = pending.pop()
            if node is by:
                yield _ordered(factors)
                continue
            edges = [(o, slope) for o, slope in self.local(node) if o in to]
            pending.extend((operand, (*factors, slope)) for operand, slope in reversed(edges))

    def backprop(
        self, output: Value, order: list[Value], between: list[Value],
        adjoints: Mapping[Value, Expression], inputs: Sequence[Value],
        slopes: Mapping[Value, float],
    ) -> Iterator[Step]:  # fmt: skip
        """The results without a label, then the adjoints from the output down."""
        for node in order:
            if node.op and not node.label and node is not output:
                yield Step(
                    None, node, ((_result(node, self.symbols),),), adjoint=False, value=node.data
                )
        uses: dict[Value, list[tuple[Expression | float, ...]]] = {v: [] for v in between}
        numbers = dict(zip(between, gradients(output, between), strict=True))
        for node in reversed(between):
            terms = tuple(uses[node]) or ((1.0,),)
            yield Step(output, node, terms, adjoint=True, value=numbers[node])
            for operand, slope in self.local(node) if node.op else ():
                if operand in uses:
                    uses[operand].append(_ordered((adjoints[node], slope), keep=True))
        for x in inputs:
            if x not in uses:
                yield Step(output, x, ((0.0,),), adjoint=False, value=slopes[x])


def _result(node: Value, symbols: Mapping[Value, Expression]) -> Expression:
    operands = [symbols[o] if isinstance(o, Value) else o for o in node.operands]
    return Expression(OPERATIONS[node.op], tuple(operands)) if node.op else symbol("v")


def _simple(slope: Expression | float) -> Expression | float:
    """The rule of a power with a plain exponent, as n xⁿ⁻¹; anything else as it is."""
    if not isinstance(slope, Expression) or slope.primitive is None:
        return slope
    if slope.primitive.name == "power_rule" and isinstance(slope.operands[1], float):
        base, exponent = slope.operands
        if exponent == 2.0:
            return Expression(mul, (2.0, base))
        return Expression(mul, (exponent, Expression(power, (base, exponent - 1.0))))
    return slope


def _ordered(
    factors: tuple[Expression | float, ...], *, keep: bool = False
) -> tuple[Expression | float, ...]:
    """Numbers first, then names from the output down, then the rest from the bottom up."""
    parts: list[Expression | float] = []
    for factor in factors:
        parts.extend(_factors(factor))
    number = 1.0
    for part in parts:
        number *= part if isinstance(part, float) else 1.0
    names = [p for p in parts if isinstance(p, Expression) and p.primitive is None]
    others = [p for p in parts if isinstance(p, Expression) and p.primitive is not None]
    found = [*names, *(others if keep else others[::-1])]
    return (number, *found) if number != 1.0 or not found else tuple(found)


def _factors(factor: Expression | float) -> list[Expression | float]:
    if isinstance(factor, Expression) and factor.primitive is not None:
        if factor.primitive.name == "mul":
            return [part for operand in factor.operands for part in _factors(operand)]
        if factor.primitive.name == "neg":
            return [-1.0, *_factors(factor.operands[0])]
    return [factor]


def _written(
    terms: tuple[tuple[Expression | float, ...], ...], style: Style, names: Mapping[Expression, str]
) -> str:
    total: Expression | float | None = None
    for factors in terms:
        sign = 1.0
        first, *rest = factors
        if isinstance(first, float) and first < 0:
            sign, first = -1.0, -first
            if first == 1.0 and rest:
                first, *rest = rest
        product = first
        for factor in rest:
            product = Expression(mul, (product, factor))
        if total is None:
            total = Expression(OPERATIONS["neg"], (product,)) if sign < 0 else product
        else:
            operation = add if sign > 0 else OPERATIONS["sub"]
            total = Expression(operation, (total, product))
    return write(total if total is not None else 0.0, style, names)


def _digits(number: float, style: Style, *, bare: bool = False) -> str:
    digits = f"{number:.6g}"
    if "e" in digits:
        mantissa, _, exponent = digits.partition("e")
        digits = (
            rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
            if style == "latex"
            else f"{mantissa}e{int(exponent)}"
        )
    if number < 0 and not bare:
        return rf"\left({digits}\right)" if style == "latex" else f"({digits})"
    return digits


def _adjoint_name(adjoint: Expression, style: Style) -> str:
    if style == "latex":
        return adjoint.name
    letter, _, inner = adjoint.name.partition("_{")
    name = make_label(inner.removesuffix("}")).text
    mark = make_label(letter).text
    return f"{mark}_{name}" if len(name) == 1 else f"{mark}[{name}]"


def _count_paths(order: list[Value], output: Value, by: Value) -> int:
    counts = dict.fromkeys(order, 0)
    counts[output] = 1
    for node in reversed(order):
        if node is by:
            continue
        for operand in inputs_of(node):
            counts[operand] += counts[node]
    return counts.get(by, 0)


def _reaching(order: list[Value], inputs: Sequence[Value]) -> set[Value]:
    """The nodes that depend on one of the inputs."""
    reached = set(inputs)
    for node in order:
        if any(operand in reached for operand in inputs_of(node)):
            reached.add(node)
    return reached


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
