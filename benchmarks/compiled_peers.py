"""The peers of `benchmarks.compiled`, each made to do a problem's work in the way it is best at.

All use one thread and double precision. A peer that is not installed is left out, with a line.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.compiled_c import Job, build
from benchmarks.compiled_problems import Problem, Scalars

__all__ = ["SCAN", "peers"]

SCAN = 50  # steps in one call, where a peer can loop by itself
SECONDS_TO_COMPILE = 60.0
PARAMETERS_IN_C = 1_000  # of a network, beyond which a C compiler is not done by then


def peers(problem: Problem, left_out: tuple[str, ...] = ()) -> dict[str, Job]:
    """Jobs that give (value, gradient or updated parameters or Jacobian), by the peer's name."""
    jobs: dict[str, Job] = {}
    for name, make in {
        "PyTorch": _torch,
        "torch.func": _torch_func,
        "JAX": _jax,
        "CasADi": _casadi,
        "HIPS autograd": _autograd,
    }.items():
        if name in left_out:
            print(f"left out: {name} of the {problem.title} (minutes to compile)")
            continue
        try:
            jobs |= make(problem)
        except ImportError as error:
            print(f"left out: {error}")
    return jobs


def _torch(problem: Problem) -> dict[str, Job]:
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    xp = _torch_namespace(torch)
    batch, start = torch.from_numpy(problem.batch), torch.from_numpy(problem.parameters)

    def step() -> Any:
        p = start.detach().requires_grad_()
        value = problem.arrays(xp, p, batch)
        value.backward()
        return value.detach(), (p.detach() - problem.rate * p.grad if problem.rate else p.grad)

    def jacobian() -> Any:
        inputs = batch.detach().requires_grad_()
        residuals = problem.arrays(xp, None, inputs)
        rows = [torch.autograd.grad(r.sum(), inputs, retain_graph=True)[0] for r in residuals]
        return 0.0, torch.stack(rows, 1)

    return {"PyTorch eager": step if len(start) else jacobian}


def _torch_func(problem: Problem) -> dict[str, Job]:
    torch = importlib.import_module("torch")
    func = importlib.import_module("torch.func")
    xp = _torch_namespace(torch)
    batch, start = torch.from_numpy(problem.batch), torch.from_numpy(problem.parameters)
    differentiate = func.grad_and_value(lambda p: problem.arrays(xp, p, batch))
    each = func.vmap(func.jacrev(lambda row: torch.stack(problem.arrays(xp, None, row))))

    def step() -> Any:
        gradient, value = differentiate(start)
        return value, (start - problem.rate * gradient if problem.rate else gradient)

    return {"torch.func": step if len(start) else lambda: (0.0, each(batch))}


def _torch_namespace(torch: Any) -> Any:
    return SimpleNamespace(
        relu=torch.relu,
        sigmoid=torch.sigmoid,
        exp=torch.exp,
        sqrt=torch.sqrt,
        sin=torch.sin,
        cos=torch.cos,
        logsumexp=lambda x: torch.logsumexp(x, -1),
    )


def _jax(problem: Problem) -> dict[str, Job]:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)  # noqa: FBT003  # their signature
    jax.config.update("jax_platforms", "cpu")
    xp = SimpleNamespace(
        relu=jax.nn.relu,
        sigmoid=jax.nn.sigmoid,
        exp=jax.numpy.exp,
        sqrt=jax.numpy.sqrt,
        sin=jax.numpy.sin,
        cos=jax.numpy.cos,
        logsumexp=lambda x: jax.nn.logsumexp(x, axis=-1),
    )
    batch, start = jax.numpy.asarray(problem.batch), jax.numpy.asarray(problem.parameters)
    if not len(start):
        each = jax.jit(
            jax.vmap(jax.jacfwd(lambda row: jax.numpy.stack(problem.arrays(xp, None, row))))
        )
        return {"JAX jit": lambda: (0.0, each(batch).block_until_ready())}

    def once(p: Any, batch: Any) -> Any:
        value, gradient = jax.value_and_grad(lambda p: problem.arrays(xp, p, batch))(p)
        return value, (p - problem.rate * gradient if problem.rate else gradient)

    step = jax.jit(once)
    jobs: dict[str, Job] = {"JAX jit": lambda: jax.block_until_ready(step(start, batch))}
    if problem.rate:
        loop = jax.jit(
            lambda p, batch: jax.lax.scan(lambda p, _: once(p, batch)[::-1], p, None, length=SCAN)
        )
        jobs[f"JAX scan of {SCAN}"] = lambda: jax.block_until_ready(loop(start, batch))[::-1]
    return jobs


def _casadi(problem: Problem) -> dict[str, Job]:
    """One sample's graph of scalars, mapped over the batch: by the virtual machine and in C."""
    ca = importlib.import_module("casadi")

    def dot(ws: Any, xs: Any, bias: Any) -> Any:
        return sum((w * x for w, x in zip(ws, xs, strict=True)), bias)

    def logsumexp(xs: Any) -> Any:
        top = xs[0]
        for x in xs[1:]:
            top = ca.fmax(top, x)
        return top + ca.log(sum(ca.exp(x - top) for x in xs))

    scalars = Scalars(
        dot=dot,
        logsumexp=logsumexp,
        relu=lambda x: ca.if_else(x > 0.0, x, 0.0),
        sigmoid=lambda x: 1.0 / (1.0 + ca.exp(-x)),
        tanh=ca.tanh,
        exp=ca.exp,
        sqrt=ca.sqrt,
        sin=ca.sin,
        cos=ca.cos,
    )
    samples, inputs = problem.batch.shape
    count = len(problem.parameters)
    p, sample = ca.SX.sym("p", count), ca.SX.sym("sample", inputs)
    out = problem.scalars(scalars, ca.vertsplit(p) if count else [], ca.vertsplit(sample))
    data = np.ascontiguousarray(problem.batch)  # a sample is a column there
    if not count:
        found = ca.densify(ca.jacobian(ca.vertcat(*out), sample).T)
        total = ca.Function("one", [sample], [found]).map(samples)
        arguments = [data]
    else:
        found = ca.vertcat(out, ca.gradient(out, p))
        one = ca.Function("one", [p, sample], [found])
        total = one.map("total", "serial", samples, [0], [0])
        arguments = [problem.parameters, data]
    functions = {"CasADi, its VM": total}
    made = None
    if count < PARAMETERS_IN_C:
        with tempfile.TemporaryDirectory() as folder:
            generator = ca.CodeGenerator("generated")
            generator.add(total)
            source = Path(generator.generate(f"{folder}/"))
            made = build(source, flags=("-w",), seconds=SECONDS_TO_COMPILE)
    if made is None:
        print(f"left out: CasADi's C of the {problem.title} (no compiler, or minutes to compile)")
    else:
        functions["CasADi, its C"] = ca.external(total.name(), str(made))
    result = np.zeros(total.numel_out())

    def job(function: Any) -> Job:
        buffer, evaluate = function.buffer()
        for i, argument in enumerate(arguments):
            buffer.set_arg(i, argument.data)
        buffer.set_res(0, result.data)

        def run() -> Any:
            evaluate()
            if not count:
                return 0.0, result.reshape(samples, 2, inputs)
            gradient = result[1:] / samples
            return result[0] / samples, (
                problem.parameters - problem.rate * gradient if problem.rate else gradient
            )

        run.__dict__["keep"] = function, buffer
        return run

    return {label: job(function) for label, function in functions.items()}


def _autograd(problem: Problem) -> dict[str, Job]:
    autograd = importlib.import_module("autograd")
    numpy = importlib.import_module("autograd.numpy")
    special = importlib.import_module("autograd.scipy.special")
    xp = SimpleNamespace(
        relu=lambda x: numpy.maximum(x, 0.0),
        sigmoid=lambda x: 1.0 / (1.0 + numpy.exp(-x)),
        exp=numpy.exp,
        sqrt=numpy.sqrt,
        sin=numpy.sin,
        cos=numpy.cos,
        logsumexp=lambda x: special.logsumexp(x, axis=-1),
    )
    start, batch = problem.parameters, problem.batch
    differentiate = autograd.value_and_grad(lambda p: problem.arrays(xp, p, batch))

    def step() -> Any:
        value, gradient = differentiate(start)
        return value, (start - problem.rate * gradient if problem.rate else gradient)

    rows = [
        autograd.grad(lambda inputs, i=i: numpy.sum(problem.arrays(xp, None, inputs)[i]))
        for i in range(2)
    ]
    jacobian: Callable[[], Any] = lambda: (0.0, np.stack([row(batch) for row in rows], 1))  # noqa: E731
    return {"HIPS autograd": step if len(start) else jacobian}
