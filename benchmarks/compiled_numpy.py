"""The programs of `benchmarks.compiled` in NumPy, their derivatives worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.compiled_c import Job, hidden_units
from benchmarks.compiled_problems import COMPONENTS, DECAY, DIMENSIONS, Array, Problem

__all__ = ["by_hand"]


def by_hand(problem: Problem) -> dict[str, Job]:
    """The job of this name, if the problem has one."""
    made = {"moons": _moons, "network": _network, "mixture": _mixture, "camera": _camera}
    if problem.name not in made:
        return {}
    return {"NumPy by hand": lambda: made[problem.name](problem, problem.parameters)}


def _moons(problem: Problem, p: Array) -> tuple[float, Array]:
    h, x, label = hidden_units(p), problem.batch[:, :2], problem.batch[:, 2]
    w1, b1, w2, b2, w3, b3 = np.split(p, np.cumsum([2 * h, h, h * h, h, h]))
    w1, w2 = w1.reshape(h, 2), w2.reshape(h, h)
    h1 = np.maximum(x @ w1.T + b1, 0.0)
    h2 = np.maximum(h1 @ w2.T + b2, 0.0)
    margin = 1.0 - label * (h2 @ w3 + b3)
    loss = np.maximum(margin, 0.0).mean() + DECAY * (p @ p)
    d3 = np.where(margin > 0.0, -label / len(label), 0.0)
    d2 = np.outer(d3, w3) * (h2 > 0.0)
    d1 = (d2 @ w2) * (h1 > 0.0)
    parts = [d1.T @ x, d1.sum(0), d2.T @ h1, d2.sum(0), h2.T @ d3, d3.sum(keepdims=True)]
    gradient = np.concatenate([part.ravel() for part in parts])
    return float(loss), p - problem.rate * (gradient + 2.0 * DECAY * p)


def _network(problem: Problem, w: Array) -> tuple[float, Array]:
    x1, x2, target = problem.batch.T
    o1 = 1.0 / (1.0 + np.exp(-(x1 * w[0] + x2 * w[2])))
    o2 = 1.0 / (1.0 + np.exp(-(x1 * w[1] + x2 * w[3])))
    y = 1.0 / (1.0 + np.exp(-(o1 * w[4] + o2 * w[5])))
    rest = target - y
    d = rest * y * (1.0 - y) * (-2.0 / len(y))
    d1, d2 = d * w[4] * o1 * (1.0 - o1), d * w[5] * o2 * (1.0 - o2)
    return rest @ rest / len(y), np.array([d1 @ x1, d2 @ x1, d1 @ x2, d2 @ x2, d @ o1, d @ o2])


def _mixture(problem: Problem, p: Array) -> tuple[float, Array]:
    k, d, x = COMPONENTS, DIMENSIONS, problem.batch
    alpha, mu, q, low = np.split(p, np.cumsum([k, k * d, k * d]))
    mu, q, low = (a.reshape(k, d).T[:, :, None] for a in (mu, q, low))
    e = np.exp(q)
    v = x.T[:, None, :] - mu  # dimensions × components × samples
    y = e * v
    y[1] += low[0] * v[0]
    y[2] += low[1] * v[0] + low[2] * v[1]
    terms = alpha[:, None] + q.sum(0) - 0.5 * (y * y).sum(0)
    top = terms.max(0)
    r = np.exp(terms - top)
    whole = r.sum(0)
    share = np.exp(alpha - alpha.max())
    value = (top + np.log(whole)).mean() - alpha.max() - math.log(share.sum())
    r /= whole * len(x)
    dy = y * r
    d_mu = dy * e
    d_mu[0] += dy[1] * low[0] + dy[2] * low[1]
    d_mu[1] += dy[2] * low[2]
    d_low = -np.stack([dy[1] * v[0], dy[2] * v[0], dy[2] * v[1]]).sum(2)
    d_q = r.sum(1) - (dy * e * v).sum(2)
    parts = [r.sum(1) - share / share.sum(), d_mu.sum(2).T, d_q.T, d_low.T]
    constant = 0.5 * d * math.log(2.0 * math.pi)
    return value - constant, np.concatenate([part.ravel() for part in parts])


def _camera(problem: Problem, _: Array) -> tuple[float, Array]:
    inputs: Any = problem.batch.T
    w, t, (focus, k1, k2), x = inputs[:3], inputs[3:6], inputs[6:9], inputs[9:12]
    square, wx = (w * w).sum(0), (w * x).sum(0)
    angle = np.sqrt(square)
    c = np.cos(angle)
    a, b = np.sin(angle) / angle, (1.0 - c) / square
    cross = np.cross(w, x, axis=0)
    point = c * x + a * cross + b * wx * w + t
    along = (c - a) / square * cross - a * x + (a - 2.0 * b) / square * wx * w
    unit = np.eye(3)[:, :, None]
    turn = np.stack([np.cross(e, x, axis=0) for e in unit], 1)  # e × X by axis
    by_w = along[:, None] * w + b * w[:, None] * x + b * wx * unit + a * turn
    turn = np.stack([np.cross(w, e, axis=0) for e in unit], 1)
    by_x = c * unit + a * turn + b * w[:, None] * w
    seen = -point[:2] / point[2]
    n = (seen * seen).sum(0)
    r = 1.0 + n * (k1 + n * k2)
    by_seen = focus * (r * np.eye(2)[:, :, None] + 2.0 * (k1 + 2.0 * k2 * n) * seen[:, None] * seen)
    by_point = np.stack([by_seen[:, 0], by_seen[:, 1], (by_seen * seen).sum(1)], 1) / -point[2]
    jacobian = np.zeros((problem.batch.shape[0], 2, 14))
    jacobian[:, :, :3] = np.einsum("ops,pws->sow", by_point, by_w)
    jacobian[:, :, 3:6] = by_point.transpose(2, 0, 1)
    jacobian[:, :, 6:9] = np.stack([r * seen, focus * n * seen, focus * n * n * seen]).T
    jacobian[:, :, 9:12] = np.einsum("ops,pxs->sox", by_point, by_x)
    jacobian[:, 0, 12] = jacobian[:, 1, 13] = -1.0
    return 0.0, jacobian
