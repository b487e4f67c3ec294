"""Dense layers in matrix form: the rules of backpropagation, and the slips of the notes, checked.

A layer is Y = WX + B; w_mn leads to unit m from unit n, counted from 0. An activation layer is
Y = f(X), entry by entry. The cost is C = (1/n) Σ (ŷ_i − y_i)², of n outputs Y and targets Ŷ.

Each table has a column for every size. It shows by what part of itself the worst entry differs
between the two sides of a claim; a dash where they are of different shapes. A claim is TRUE if its
sides agree at every size. Those marked l. are lines of the notes as printed (products read from
left to right); the next one without a mark is what was meant. Look at the columns of a single
output, where most slips do not show.
"""

import math
import random
import sys
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from autograd_mini import Value, atan, gradients, relu, sigmoid
from nn import SGD, Layer, mse

Matrix = list[list[float]]  # rows; a vector is a matrix of one column
Claim = tuple[str, str, Matrix, Matrix]  # line of the notes, formula, left side, right side

console = Console(width=100)
rng = random.Random(1)
as_expected: list[bool] = []  # one per claim

# --- a little linear algebra ----------------------------------------------------------------------


def data(rows: list[list[Value]]) -> Matrix:
    return [[value.data for value in row] for row in rows]


def grad(rows: list[list[Value]]) -> Matrix:
    return [[value.grad for value in row] for row in rows]


def transposed(a: Matrix) -> Matrix:
    return [list(column) for column in zip(*a, strict=True)]


def plus(a: Matrix, b: Matrix, factor: float = 1.0) -> Matrix:
    return [[x + factor * y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]


def hadamard(a: Matrix, b: Matrix) -> Matrix:
    return [[x * y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]


def product(a: Matrix, b: Matrix) -> Matrix:
    columns = transposed(b)
    return [[math.fsum(hadamard([row], [column])[0]) for column in columns] for row in a]


def sigma_prime(x: float) -> float:
    e = math.exp(-abs(x))  # on paper σ(1 − σ), but that has no right digit where σ rounds to 1
    return e / (1 + e) ** 2


# --- claims ---------------------------------------------------------------------------------------


def difference(left: Matrix, right: Matrix) -> float:
    if [len(row) for row in left] != [len(row) for row in right]:
        return math.inf
    pairs = [pair for rows in zip(left, right, strict=True) for pair in zip(*rows, strict=True)]
    return max(abs(x - y) / max(abs(x), abs(y)) if x != y else 0.0 for x, y in pairs)


def show(title: str, claims_at: dict[str, list[Claim]]) -> None:
    table = Table("notes", "claim", *claims_at, "verdict", title=title)
    for at_every_size in zip(*claims_at.values(), strict=True):
        line, formula, _, _ = at_every_size[0]
        differences = [difference(left, right) for _, _, left, right in at_every_size]
        holds = max(differences) < 1e-14
        as_expected.append(holds == (line == ""))
        unexpected = "" if as_expected[-1] else ", unexpectedly"
        cells = ["–" if d == math.inf else f"{d:.1g}" for d in differences]
        table.add_row(line, formula, *cells, ("TRUE" if holds else "FALSE") + unexpected)
    console.print(table)


def random_layer(nin: int, nout: int) -> Layer:
    layer = Layer(nin, nout)
    for parameter in layer.parameters():
        parameter.data = rng.gauss()
    return layer


def weights_and_biases(layer: Layer) -> tuple[list[list[Value]], list[list[Value]]]:
    """W, whose rows are the weights of a neuron each, and the column B."""
    rows = [neuron.parameters() for neuron in layer.neurons]
    return [row[:-1] for row in rows], [row[-1:] for row in rows]


# --- a dense layer --------------------------------------------------------------------------------


def dense(nin: int, nout: int) -> list[Claim]:
    layer = random_layer(nin, nout)
    inputs = [Value(rng.gauss()) for _ in range(nin)]
    outputs = layer(inputs)
    mse(outputs, [rng.gauss() for _ in outputs]).backward()
    weights, biases = weights_and_biases(layer)
    w, b, x, y = (
        data(weights),
        data(biases),
        data([[v] for v in inputs]),
        data([[v] for v in outputs]),
    )
    w_grad, b_grad = grad(weights), grad(biases)
    x_grad, y_grad = grad([[v] for v in inputs]), grad([[v] for v in outputs])
    y_by_w_00 = [gradients(output, [weights[0][0]]) for output in outputs]
    terms = [hadamard([row], transposed(x))[0] for row in w]
    without_plus = [[t[0] + t[1] * t[2] + math.fsum(t[3:])] for t in terms]
    return [
        ("l.63", "y_m = w_m0 x_0 + w_m1 x_1 w_m2 x_2 + … + b_m", y, plus(without_plus, b)),
        ("", "y_m = w_m0 x_0 + w_m1 x_1 + w_m2 x_2 + … + b_m", y, plus(product(w, x), b)),
        ("l.137", "∂Y/∂w_00 = x_0", y_by_w_00, x[:1]),
        ("", "∂y_0/∂w_00 = x_0", y_by_w_00[:1], x[:1]),
        ("", "∂C/∂W = ∂C/∂Y Xᵀ", w_grad, product(y_grad, transposed(x))),
        ("", "∂C/∂B = ∂C/∂Y", b_grad, y_grad),
        ("l.229", "∂C/∂B = Wᵀ ∂C/∂Y", b_grad, product(transposed(w), y_grad)),
        ("", "∂C/∂X = Wᵀ ∂C/∂Y", x_grad, product(transposed(w), y_grad)),
    ]


shapes = [(3, 1), (3, 2), (3, 3), (5, 4)]
show("A dense layer, of as many inputs → outputs", {f"{m}→{n}": dense(m, n) for m, n in shapes})

# --- activation layers ----------------------------------------------------------------------------


def activation(f: Callable[[Value], Value], slope: Callable[[float], float]) -> list[Claim]:
    inputs = [Value(x) for x in (-40.0, -1.5, -0.2, 0.0, 0.2, 1.5, 40.0)]
    outputs = [f(x) for x in inputs]
    mse(outputs, [rng.gauss() for _ in outputs]).backward()
    right = [[output.grad * slope(x.data)] for x, output in zip(inputs, outputs, strict=True)]
    return [("", "∂C/∂X = ∂C/∂Y ⊙ f′(X)", grad([[x] for x in inputs]), right)]


functions = {
    "ReLU": activation(relu, lambda x: 1.0 if x > 0 else 0.0),
    "sigmoid": activation(sigmoid, sigma_prime),
    "arctan": activation(atan, lambda x: 1 / (1 + x * x)),
}
show("Activation layers of seven units, from −40 to 40", functions)

# --- linear, sigmoid, linear, and one step of gradient descent ------------------------------------


def network(n0: int, n1: int, n2: int) -> list[Claim]:
    first, second = random_layer(n0, n1), random_layer(n1, n2)
    x0 = [Value(rng.gauss()) for _ in range(n0)]
    y0 = first(x0)
    y1 = [sigmoid(v) for v in y0]
    y2 = second(y1)
    targets = [rng.gauss() for _ in y2]
    mse(y2, targets).backward()
    (w0_values, b0_values), (w2_values, b2_values) = map(weights_and_biases, (first, second))
    w0, b0, w2, b2 = map(data, (w0_values, b0_values, w2_values, b2_values))
    error = [[y.data - target] for y, target in zip(y2, targets, strict=True)]
    slope = [[sigma_prime(v.data)] for v in y0]

    def by_hand(factor: float, w2: Matrix) -> dict[str, Matrix]:
        y2_grad = [[factor * e] for (e,) in error]
        x2_grad = product(transposed(w2), y2_grad)
        x1_grad = hadamard(x2_grad, slope)
        w2_grad, w0_grad = product(y2_grad, data([y1])), product(x1_grad, data([x0]))
        return {"Y²": y2_grad, "W²": w2_grad, "X²": x2_grad, "X¹": x1_grad, "W⁰": w0_grad}

    printed, meant = by_hand(2, w2), by_hand(2 / n2, w2)  # the notes lose the 1/n of the cost
    claims: list[Claim] = []

    def compare(line: str, formula: str, left: Matrix, name: str) -> None:
        claims.append((line, formula.format("2"), left, printed[name]))
        claims.append(("", formula.format("2/n"), left, meant[name]))

    compare("l.312", "∂C/∂Y² = {} E", grad([[y] for y in y2]), "Y²")
    compare("l.314", "∂C/∂W² = {} E X²ᵀ", grad(w2_values), "W²")
    compare("l.316", "∂C/∂B² = {} E", grad(b2_values), "Y²")
    compare("l.318, 326", "∂C/∂X² = W²ᵀ {} E", grad([[y] for y in y1]), "X²")
    compare("l.328, 336", "∂C/∂X¹ = (W²ᵀ {} E) ⊙ S", grad([[y] for y in y0]), "X¹")
    compare("l.338", "∂C/∂W⁰ = ((W²ᵀ {} E) ⊙ S) X⁰ᵀ", grad(w0_values), "W⁰")
    compare("l.340", "∂C/∂B⁰ = (W²ᵀ {} E) ⊙ S", grad(b0_values), "X¹")

    rate = 0.5
    SGD([*first.parameters(), *second.parameters()], learning_rate=rate).step()
    new_w0, new_b0, new_w2, new_b2 = map(data, (w0_values, b0_values, w2_values, b2_values))
    in_order = by_hand(2 / n2, new_w2)
    # Where the notes subtract matrices of different shapes there is no right side: [].
    line_357 = plus(w2, printed["Y²"], -rate) if n1 == 1 else []
    line_367 = [[b0[0][0] - rate * 2 * error[0][0] * slope[0][0] * x0[0].data]] if n0 == 1 else []
    return [
        *claims,
        ("l.352", "W² := W² − α 2 E X²ᵀ", new_w2, plus(w2, printed["W²"], -rate)),
        ("", "W² := W² − α 2/n E X²ᵀ", new_w2, plus(w2, meant["W²"], -rate)),
        ("l.357", "B² := W² − α 2 E", new_b2, line_357),
        ("", "B² := B² − α 2/n E", new_b2, plus(b2, meant["Y²"], -rate)),
        ("l.362", "W⁰ := W⁰ − α ((W²ᵀ 2 E) ⊙ S) X⁰ᵀ", new_w0, plus(w0, printed["W⁰"], -rate)),
        ("in order", "the next, with W² already new", new_w0, plus(w0, in_order["W⁰"], -rate)),
        ("", "W⁰ := W⁰ − α ((W²ᵀ 2/n E) ⊙ S) X⁰ᵀ", new_w0, plus(w0, meant["W⁰"], -rate)),
        ("l.367", "B⁰ := B⁰ − α 2 E ⊙ S X⁰ᵀ", new_b0, line_367),
        ("", "B⁰ := B⁰ − α (W²ᵀ 2/n E) ⊙ S", new_b0, plus(b0, meant["X¹"], -rate)),
    ]


sizes = [(1, 1, 1), (2, 3, 1), (2, 3, 2), (3, 3, 3)]
title = "Linear, sigmoid, linear, with E = Y − Ŷ and S = σ′(X¹); then one step, all at once"
show(title, {"-".join(map(str, size)): network(*size) for size in sizes})
console.print(f"{sum(as_expected)} of {len(as_expected)} verdicts are as they should be.")
sys.exit(not all(as_expected))
