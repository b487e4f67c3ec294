"""The error function's family, the gamma function's, and log(exp(x) + exp(y))."""

from __future__ import annotations

import math

from autograd_mini.kernels import special
from autograd_mini.primitive import define

from .choices import clamp

__all__ = [
    "erf",
    "erfc",
    "gauss",
    "lgamma",
    "logaddexp",
    "logistic_share",
    "normal_cdf",
    "normal_pdf",
    "polygamma",
]

TWO_OVER_SQRT_PI = 2.0 / math.sqrt(math.pi)

erf = define(
    "erf",
    math.erf,
    lambda x, z: TWO_OVER_SQRT_PI * gauss(x),
    doc="The error function, 2/√π ∫ exp(−t²) dt from 0 to x.",
)
erfc = define(
    "erfc",
    math.erfc,
    lambda x, z: -TWO_OVER_SQRT_PI * gauss(x),
    doc="1 − erf(x), which keeps its digits where erf is near 1.",
)
gauss = define(
    "gauss",
    special.gauss,
    lambda x, z: -2.0 * clamp(x, -40.0, 40.0) * z,  # z is 0 beyond: no 0 · ∞
    text="exp(−{0:4}^2)",
    latex=r"e^{{-{{{0:4}}}^2}}",
    precedence=3,
)
normal_cdf = define(
    "normal_cdf",
    special.normal_cdf,
    lambda x, z: normal_pdf(x),
    symbol="Φ",
    text="Φ({0})",
    latex=r"\Phi({0})",
)
normal_pdf = define(
    "normal_pdf",
    special.normal_pdf,
    lambda x, z: -clamp(x, -60.0, 60.0) * z,  # likewise
    symbol="φ",
    text="φ({0})",
    latex=r"\varphi({0})",
)
lgamma = define(
    "lgamma",
    special.lgamma,
    lambda x, z: polygamma(0.0, x),
    text="log(|Γ({0})|)",
    latex=r"\log(\left| \Gamma({0}) \right|)",
    doc="log |Γ(x)|, infinite at 0, −1, −2 and so on.",
)
polygamma = define(
    "polygamma",
    special.polygamma,
    lambda order, x, z: math.nan,  # defined for whole orders alone
    lambda order, x, z: polygamma(order + 1.0, x),
    symbol="ψ",
    text="ψ({0}, {1})",
    latex=r"\psi^{{({0})}}({1})",
)
logaddexp = define(
    "logaddexp",
    special.logaddexp,
    lambda x, y, z: logistic_share(x, y),
    lambda x, y, z: logistic_share(y, x),
    text="log(exp({0}) + exp({1}))",
    latex=r"\log\left(e^{{{0}}} + e^{{{1}}}\right)",
    doc="log(exp(x) + exp(y)), also where an exponential overflows.",
)
logistic_share = define(  # σ(x − y)
    "logistic_share",
    special.logistic_share,
    lambda x, y, z: z * logistic_share(y, x),
    lambda x, y, z: -z * logistic_share(y, x),
    text="σ({0:1} − {1:2})",
    latex=r"\sigma({0:1} - {1:2})",
)
