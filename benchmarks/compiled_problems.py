"""The programs that `benchmarks.compiled` times: each with its data and its formula, twice.

A problem states its loss as a formula of arrays, for the peers that differentiate those, and as
one of scalars for a single sample, for those that record graphs of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["Array", "Problem", "Scalars", "camera", "mixture", "moons", "network"]

Array = np.ndarray[Any, np.dtype[np.float64]]

DECAY = 1e-4
COMPONENTS, DIMENSIONS = 5, 3


@dataclass(frozen=True)
class Scalars:
    """The functions of an engine for scalars, by the names that the formulas use."""

    dot: Callable[[Sequence[Any], Sequence[Any], Any], Any]
    logsumexp: Callable[[Sequence[Any]], Any]
    relu: Callable[[Any], Any]
    sigmoid: Callable[[Any], Any]
    tanh: Callable[[Any], Any]
    exp: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    cos: Callable[[Any], Any]


@dataclass(frozen=True)
class Problem:
    """A loss, the mean of a function over samples, or residuals with their Jacobian.

    Attributes:
        name: what files and functions that belong to it are called.
        title: what the table is called.
        parameters: where the gradient is taken; empty if it is the Jacobian by the inputs instead.
        batch: the data, of shape (samples, inputs).
        arrays: from a namespace of array functions, parameters and batch to the mean loss, or to
            a list of residuals of each sample.
        scalars: from an engine's functions, parameters and one sample to its loss or residuals.
        rate: the step that follows the gradient; 0 if none does.
    """

    name: str
    title: str
    parameters: Array
    batch: Array
    arrays: Callable[[Any, Any, Any], Any]
    scalars: Callable[[Scalars, Sequence[Any], Sequence[Any]], Any]
    rate: float = 0.0


def moons(hidden: int, samples: int, activation: str = "relu") -> Problem:
    """A step of the network 2-H-H-1 with hinge loss and L2 on two half circles."""
    rng = np.random.default_rng(1)
    label = np.where(np.arange(samples) % 2 == 0, -1.0, 1.0)
    angle = rng.uniform(0.0, math.pi, samples)
    x = np.where(label < 0, np.cos(angle), 1.0 - np.cos(angle))
    y = np.where(label < 0, np.sin(angle), 0.5 - np.sin(angle))
    batch = np.stack([x, y, label], axis=1)
    batch[:, :2] += 0.1 * rng.normal(size=(samples, 2))
    sizes = [2 * hidden, hidden, hidden * hidden, hidden, hidden, 1]
    bounds = [0, *np.cumsum(sizes).tolist()]

    def unpacked(p: Any) -> list[Any]:
        return [p[a:b] for a, b in pairwise(bounds)]

    def arrays(xp: Any, p: Any, batch: Any) -> Any:
        w1, b1, w2, b2, w3, b3 = unpacked(p)
        squash = getattr(xp, activation)
        h = squash(batch[:, :2] @ w1.reshape((hidden, 2)).T + b1)
        h = squash(h @ w2.reshape((hidden, hidden)).T + b2)
        return xp.relu(1.0 - batch[:, 2] * (h @ w3 + b3)).mean() + DECAY * (p * p).sum()

    def scalars(f: Scalars, p: Sequence[Any], sample: Sequence[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = unpacked(p)
        h = list(sample[:2])
        for weights, biases in ((w1, b1), (w2, b2)):
            k = len(h)
            rows = [weights[o * k : o * k + k] for o in range(hidden)]
            squash = getattr(f, activation)
            h = [squash(f.dot(row, h, b)) for row, b in zip(rows, biases, strict=True)]
        hinge = f.relu(1.0 - sample[2] * f.dot(w3, h, b3[0]))
        return hinge + DECAY * f.dot(p, p, 0.0)

    scale = np.sqrt(6.0 / hidden)
    parameters = rng.uniform(-0.3, 0.3, bounds[-1]) * scale
    title = f"moons 2-{hidden}-{hidden}-1, {activation}, one step, batch {samples:,}"
    return Problem("moons", title, parameters, batch, arrays, scalars, rate=0.05)


def network(samples: int) -> Problem:
    """(target − output)² of the 2-2-1 sigmoid network without biases."""
    rng = np.random.default_rng(2)
    batch = rng.uniform(-1.0, 1.0, (samples, 3))
    batch[:, 2] = rng.uniform(0.0, 1.0, samples)

    def arrays(xp: Any, w: Any, batch: Any) -> Any:
        x1, x2, target = batch[:, 0], batch[:, 1], batch[:, 2]
        o1, o2 = xp.sigmoid(x1 * w[0] + x2 * w[2]), xp.sigmoid(x1 * w[1] + x2 * w[3])
        return ((target - xp.sigmoid(o1 * w[4] + o2 * w[5])) ** 2).mean()

    def scalars(f: Scalars, w: Sequence[Any], sample: Sequence[Any]) -> Any:
        x1, x2, target = sample
        o1, o2 = f.sigmoid(x1 * w[0] + x2 * w[2]), f.sigmoid(x1 * w[1] + x2 * w[3])
        rest = target - f.sigmoid(o1 * w[4] + o2 * w[5])
        return rest * rest

    weights = np.array([0.5, -0.4, 0.1, 0.9, -1.2, 0.7])
    title = f"2-2-1 sigmoid network, loss and six partials, batch {samples:,}"
    return Problem("network", title, weights, batch, arrays, scalars)


def mixture(samples: int) -> Problem:
    """The mean log-likelihood of a Gaussian mixture, ADBench's without its prior.

    F. Šrajer, Z. Kukelova, A. Fitzgibbon, A benchmark of selected algorithmic differentiation
    tools on some problems in computer vision and machine learning, Optimization Methods and
    Software 33, 2018: components have weights α, means μ and lower triangular roots Q of their
    inverse covariances, with the diagonal exp(q) and l below it.
    """
    rng = np.random.default_rng(3)
    k, d = COMPONENTS, DIMENSIONS
    bounds = [0, k, k + k * d, k + 2 * k * d, k + 3 * k * d]
    constant = 0.5 * d * math.log(2.0 * math.pi)

    def unpacked(p: Any) -> list[Any]:
        return [p[a:b] for a, b in pairwise(bounds)]

    def terms(x: Sequence[Any], mu: Any, e: Any, low: Any) -> Any:
        v = [x[i] - mu[i] for i in range(d)]
        y0, y1 = e[0] * v[0], e[1] * v[1] + low[0] * v[0]
        y2 = e[2] * v[2] + low[1] * v[0] + low[2] * v[1]
        return 0.5 * (y0 * y0 + y1 * y1 + y2 * y2)

    def arrays(xp: Any, p: Any, batch: Any) -> Any:
        alpha, mu, q, low = unpacked(p)
        e = xp.exp(q)
        columns = [batch[:, i : i + 1] for i in range(d)]
        far = terms(columns, *[[a.reshape((k, d))[:, i] for i in range(d)] for a in (mu, e, low)])
        likelihood = xp.logsumexp(alpha + q.reshape((k, d)).sum(1) - far).mean()
        return likelihood - xp.logsumexp(alpha) - constant

    def scalars(f: Scalars, p: Sequence[Any], x: Sequence[Any]) -> Any:
        alpha, mu, q, low = unpacked(p)
        logs = []
        for i in range(k):
            at = slice(i * d, i * d + d)
            far = terms(x, mu[at], [f.exp(a) for a in q[at]], low[at])
            logs.append(alpha[i] + q[at][0] + q[at][1] + q[at][2] - far)
        return f.logsumexp(logs) - f.logsumexp(alpha) - constant

    batch = rng.normal(size=(samples, d))
    title = f"Gaussian mixture, {k} components in {d} dimensions, batch {samples:,}"
    return Problem("mixture", title, rng.normal(size=bounds[-1]) * 0.5, batch, arrays, scalars)


def camera(samples: int) -> Problem:
    """Residuals of points seen by cameras, with their Jacobian by every input.

    S. Agarwal, N. Snavely, S. Seitz, R. Szeliski, Bundle adjustment in the large, ECCV 2010: a
    rotation vector w, a translation t, focal length f, distortions k₁ and k₂, a point, and where
    it was seen. The rotation is that of Rodrigues' formula.
    """
    rng = np.random.default_rng(4)

    def residuals(f: Any, inputs: Sequence[Any]) -> list[Any]:
        w, t, (focus, k1, k2), x, seen = (
            inputs[a:b] for a, b in ((0, 3), (3, 6), (6, 9), (9, 12), (12, 14))
        )
        square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2]
        angle = f.sqrt(square)
        c, a = f.cos(angle), f.sin(angle) / angle
        along = (1.0 - c) / square * (w[0] * x[0] + w[1] * x[1] + w[2] * x[2])
        px, py, pz = (
            c * x[i] + a * (w[i - 2] * x[i - 1] - w[i - 1] * x[i - 2]) + along * w[i] + t[i]
            for i in range(3)
        )
        u, v = -px / pz, -py / pz
        n = u * u + v * v
        scale = focus * (1.0 + n * (k1 + n * k2))
        return [scale * u - seen[0], scale * v - seen[1]]

    def arrays(xp: Any, _: Any, batch: Any) -> Any:
        return residuals(xp, [batch[..., i] for i in range(14)])

    def scalars(f: Scalars, _: Sequence[Any], sample: Sequence[Any]) -> Any:
        return residuals(f, sample)

    batch = rng.normal(size=(samples, 14)) * 0.5
    batch[:, 5] -= 10.0  # the points lie before the camera
    batch[:, 6] += 500.0
    batch[:, 7:9] *= 0.1
    title = f"camera residuals and Jacobian (2 by 14), batch {samples:,}"
    return Problem("camera", title, np.zeros(0), batch, arrays, scalars)
