"""Curve fitting: Gauss-Newton with a Jacobian by autodiff, on a published data set.

The data are Misra1a of the Statistical Reference Datasets of the National Institute of Standards
and Technology (D. Misra, dental research on monomolecular adsorption, 1978): 14 observations, for
which NIST certifies b₁ = 238.94212918 and b₂ = 5.5015643181e-04 in y = b₁ (1 − exp(−b₂ x)).

You will see both parameters agree with the certified ones; where SciPy is installed, its
Levenberg-Marquardt method gets the same Jacobian and arrives at the same place.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from autograd_mini import dot, exp, jacobian

XS = "77.6 114.9 141.1 190.8 239.9 289.0 332.8 378.4 434.8 477.3 536.8 593.1 689.1 760.0"
YS = "10.07 14.73 17.94 23.93 29.61 35.18 40.02 44.82 50.76 55.05 61.01 66.40 75.47 81.78"
DATA = [(float(x), float(y)) for x, y in zip(XS.split(), YS.split(), strict=True)]
START = [250.0, 5e-4]  # the second of the two that NIST proposes


def curve(b: Sequence[Any], x: float) -> Any:
    return b[0] * (1.0 - exp(-b[1] * x))


def residuals(b: Sequence[Any]) -> list[Any]:
    return [curve(b, x) - y for x, y in DATA]


b = START
for step in range(6):
    r, (u, v) = residuals(b), zip(*jacobian(residuals)(b), strict=True)
    print(f"step {step}: b = ({b[0]:.9f}, {b[1]:.12f}), Σr² = {dot(r, r):.10f}")
    # The step d solves JᵀJ d = −Jᵀr; u and v are the columns of J.
    uu, uv, vv, ur, vr = dot(u, u), dot(u, v), dot(v, v), dot(u, r), dot(v, r)
    determinant = uu * vv - uv * uv
    b = [b[0] - (vv * ur - uv * vr) / determinant, b[1] - (uu * vr - uv * ur) / determinant]

for name, found, right in zip(("b₁", "b₂"), b, (238.94212918, 5.5015643181e-04), strict=True):
    print(f"{name} = {found:.11g}, certified {right:.11g}: {abs(found / right - 1.0):.0e} apart")
try:
    from scipy.optimize import least_squares  # type: ignore[import-untyped]
except ImportError:
    print("SciPy is not installed, so there is nothing to compare with")
else:
    other = least_squares(residuals, START, jac=jacobian(residuals), method="lm", x_scale="jac")
    print(f"SciPy finds b = ({other.x[0]:.9f}, {other.x[1]:.12f})")

figure = Figure(figsize=(6, 4), layout="constrained")
axes = figure.subplots()
axes.plot(range(801), [curve(b, x) for x in range(801)], label="b₁ (1 − exp(−b₂ x))")
axes.plot(*zip(*DATA, strict=True), "o", markersize=4, label="Misra1a")
axes.set(xlabel="pressure x", ylabel="volume y", title="Monomolecular adsorption")
axes.legend()
Path("out").mkdir(exist_ok=True)
figure.savefig("out/least_squares.svg")
print("out/least_squares.svg shows the observations and the fitted curve.")
