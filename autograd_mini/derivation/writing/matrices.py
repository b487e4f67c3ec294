"""Collects the derivatives of a layer into matrix form: ∂C/∂W = ∂C/∂Y Xᵀ and the rest.

The form is read off how the graph is wired, node by node; a graph wired otherwise is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_mini import Value

__all__ = ["dense_layer", "elementwise_layer"]


def dense_layer(
    outputs: Sequence[Value], weights: Sequence[Sequence[Value]], inputs: Sequence[Value],
    biases: Sequence[Value] | None = None, *, names: Sequence[str] = ("C", "Y", "W", "X", "B"),
) -> str:  # fmt: skip
    r"""The derivatives of a cost by what goes into Y = WX + B, in LaTeX.

    Args:
        outputs: the m numbers of Y, each the `dot` of a row of W with X.
        weights: m rows of n weights.
        inputs: the n inputs.
        biases: the m biases, if there are any.
        names: what to call the cost, Y, W, X and B.

    Raises:
        ValueError: if the outputs are not made from these weights and inputs.

    >>> from autograd_mini import dot
    >>> x, w = [Value(1.0), Value(2.0)], [[Value(3.0), Value(4.0)]]
    >>> print(dense_layer([dot(w[0], x)], w, x))
    \begin{aligned}
    \frac{\partial C}{\partial W} &= \frac{\partial C}{\partial Y} X^T \\
    \frac{\partial C}{\partial X} &= W^T \frac{\partial C}{\partial Y}
    \end{aligned}
    """
    if len(outputs) != len(weights) or (biases is not None and len(biases) != len(outputs)):
        raise ValueError(
            f"{len(outputs)} outputs with {len(weights)} rows of weights"
            + (f" and {len(biases)} biases" if biases is not None else "")
            + ": give one row, and one bias, for each output"
        )
    for i, (output, row) in enumerate(zip(outputs, weights, strict=True)):
        wired = (*row, *inputs, *([] if biases is None else [biases[i]]))
        found = output.operands[: len(wired)]
        if output.op != "dot" or len(found) != len(wired) or any(
            a is not b for a, b in zip(found, wired, strict=True)
        ):  # fmt: skip
            raise ValueError(
                f"output {i} is not dot(weights[{i}], inputs"
                f"{'' if biases is None else f', biases[{i}]'}): {output!r:.60}"
            )
    cost, y, w, x, b = names
    by_output = _partial(cost, y)
    lines = [f"{_partial(cost, w)} &= {by_output} {x}^T"]
    if biases is not None:
        lines.append(f"{_partial(cost, b)} &= {by_output}")
    lines.append(f"{_partial(cost, x)} &= {w}^T {by_output}")
    return _aligned(lines)


def elementwise_layer(
    outputs: Sequence[Value], inputs: Sequence[Value], *,
    names: tuple[str, str, str, str] = ("C", "Y", "X", "f"),
) -> str:  # fmt: skip
    r"""The derivative of a cost by what goes into Y = f(X), in LaTeX.

    Raises:
        ValueError: if the outputs are not one function of each input.

    >>> x = [Value(1.0), Value(2.0)]
    >>> print(elementwise_layer([v.tanh() for v in x], x))
    \begin{aligned}
    \frac{\partial C}{\partial X} &= \frac{\partial C}{\partial Y} \odot f'(X)
    \end{aligned}
    """
    operations = {output.op for output in outputs}
    wired = [output.operands[:1] for output in outputs]
    if len(operations) != 1 or len(outputs) != len(inputs) or any(
        found[0] is not x for found, x in zip(wired, inputs, strict=True)
    ):  # fmt: skip
        raise ValueError("the outputs are not one function of each input, in order")
    cost, y, x_name, f = names
    return _aligned([rf"{_partial(cost, x_name)} &= {_partial(cost, y)} \odot {f}'({x_name})"])


def _partial(top: str, bottom: str) -> str:
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def _aligned(lines: list[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"
