"""Newton's method on Rosenbrock's valley, with gradient and Hessian by autodiff.

f(x, y) = (1 − x)² + 100 (y − x²)² has its minimum, 0, at (1, 1), at the end of a bent valley in
which gradient descent creeps. Newton's method goes to the minimum of the parabola that has the
value, gradient and Hessian of f at the place where it stands. You will see that six steps are
enough, the last ones doubling the number of right digits, and the path on a map of the valley.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from autograd_mini import grad, hessian


def rosenbrock(place: Sequence[Any]) -> Any:
    x, y = place
    return (1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2


path = [[-1.2, 1.0]]  # where Rosenbrock started in 1960
for step in range(7):
    (x, y), f = path[-1], rosenbrock(path[-1])
    print(f"step {step}: f({x:+.12f}, {y:+.12f}) = {f:.3e}")
    slope = grad(rosenbrock)(path[-1])
    (a, b), (_, d) = hessian(rosenbrock)(path[-1])
    determinant = a * d - b * b
    dx = (d * slope[0] - b * slope[1]) / determinant
    dy = (a * slope[1] - b * slope[0]) / determinant
    path.append([x - dx, y - dy])
print(f"the minimum is at (1, 1); Newton's method is {abs(path[-1][0] - 1.0):.1e} away in x")

creeping = [path[0]]
for _ in range(1000):
    slope = grad(rosenbrock)(creeping[-1])
    creeping.append([p - 0.001 * s for p, s in zip(creeping[-1], slope, strict=True)])
x, y = creeping[-1]
print(f"a thousand steps of gradient descent end at ({x:.3f}, {y:.3f})")

figure = Figure(figsize=(6, 5), layout="constrained")
axes = figure.subplots()
xs, ys = np.meshgrid(np.linspace(-1.6, 1.6, 500), np.linspace(-3.5, 2.0, 500))
levels = [10.0**k for k in range(-1, 4)]
axes.contour(xs, ys, rosenbrock([xs, ys]), levels=levels, colors="0.8")
axes.plot(*zip(*path, strict=True), "o-", label="Newton's method, 7 steps")
axes.plot(*zip(*creeping, strict=True), label="gradient descent, 1000 steps")
axes.set(xlabel="x", ylabel="y", title="Rosenbrock's valley")
axes.legend(loc="lower left")
Path("out").mkdir(exist_ok=True)
figure.savefig("out/newton.svg")
print("out/newton.svg shows both paths on a map of the valley.")
