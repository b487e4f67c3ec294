"""Every row's instructions on vectors against its Python kernel, at awkward and random points."""

import ctypes
import itertools
import math
import platform
import random
import struct
from collections.abc import Callable, Sequence
from math import inf, nan
from typing import Any

import mpmath
import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="the extra `compiled` is not installed")

import llvmlite.binding as llvm
from llvmlite import ir

from autograd_mini.kernels import activations, special
from autograd_mini.operations import OPERATIONS
from autograd_mini.program.elementary import ELEMENTARY, register_symbols
from autograd_mini.program.internals import has_kernel

Array = np.ndarray[Any, np.dtype[Any]]

IN_PYTHON = {"lgamma", "polygamma"}
ELSEWHERE = {"sum", "mean", "dot"} | IN_PYTHON  # sums of any number of operands have their own

BIT_EQUAL = {
    *("abs", "add", "at_most", "ceil", "clamp", "div", "exceeds", "floor", "floor_quotient"),
    *("identity", "leaky_relu", "leaky_step", "maximum", "minimum", "mod", "mul", "neg"),
    *("reciprocal", "relu", "round", "sign", "sqrt", "step", "sub", "where"),
}

# Where terms of both signs cancel, an ulp is one of the largest term.
LARGEST_TERM: dict[str, Callable[..., float]] = {
    "gelu_prime": special.normal_cdf,
    "gelu_tanh_prime": activations.gelu_tanh_gate,
    "logaddexp": lambda x, y: max(abs(x), abs(y)),
    "logsumexp": lambda *xs: max(map(abs, xs)),
    "mish_prime": activations.mish_gate,
    "silu_prime": activations.sigmoid,
}
# An ulp of the exponential, in which the kernels differ from those of the C library, counts several
# times in these.
WIDER = {"gelu_tanh_prime": 4, "mish_gate_prime": 6, "mish_prime": 4, "silu_prime": 4}

NEAR_ZERO = 999885972.1756499  # of the cosine: within 4e-13
POINTS = [
    *(0.0, inf, nan, 5e-324, 2.0**-1022, 1e-310, 1e-300, 1e-200, 1e-20, 1e-9, 1e-5, 0.1, 0.25),
    *(0.3, 0.35, math.sqrt(2) - 1, 0.4999999, 0.5, math.sqrt(0.5), 1 - 2.0**-53, 1.0),
    *(1 + 2.0**-52, 1.5, 2.0, math.sqrt(2) + 1, 3.0, math.pi / 4, math.pi / 2, math.pi, 10.0),
    *(19.0, 22.0, 24.999, 25.0, 36.7, 37.5, 39.99, 40.0, 50.0, 59.9, 60.0, 99.5, 100.0, 350.0),
    *(500.0, 700.0, 700.1, 708.4, 709.78, 709.79, 710.4, 710.475, 710.5, 712.0, 740.0, 745.13),
    *(
        745.14,
        746.0,
        1e3,
        1e5,
        NEAR_ZERO,
        1e9,
        1e9 + 1,
        1e10,
        2.0**52,
        2.0**53 + 2,
        1e16,
        1e22,
        1e100,
    ),
    *(1e150, 1e155, 6381956970095103.0 * 2.0**797, 1e300, 1.7976931348623157e308),
]
POINTS += [-x for x in POINTS]
FEW_POINTS = [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 5e-324, 1e308, 700.0, -3.0]


def compiled(
    name: str, operands: int, width: int = 8, element: Any = None, cpu: str = ""
) -> Callable[..., list[float]]:
    """A row's instructions in a loop over arrays whose length is a multiple of the width.

    Without a name of a processor they are for this one.
    """
    element = element or ir.DoubleType()
    kind = ir.VectorType(element, width) if width else element
    pointer, integer = ir.PointerType(), ir.IntType(64)
    module = ir.Module(name)
    signature = ir.FunctionType(ir.VoidType(), [integer, pointer, *[pointer] * operands])
    function = ir.Function(module, signature, "kernel")
    count, out, *inputs = function.args
    builder = ir.IRBuilder(function.append_basic_block())
    loop, done = function.append_basic_block(), function.append_basic_block()
    before = builder.block
    builder.branch(loop)
    builder.position_at_end(loop)
    index = builder.phi(integer)
    index.add_incoming(integer(0), before)

    def address(base: Any) -> Any:
        return builder.gep(base, [index], source_etype=element)

    vectors = [builder.load(address(x), align=4, typ=kind) for x in inputs]
    builder.store(ELEMENTARY[name](builder, *vectors), address(out), align=4)
    following = builder.add(index, integer(width or 1))
    index.add_incoming(following, builder.block)
    builder.cbranch(builder.icmp_signed("<", following, count), loop, done)
    builder.position_at_end(done)
    builder.ret_void()

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    register_symbols()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=cpu or llvm.get_host_cpu_name(),
        features="" if cpu else llvm.get_host_cpu_features().flatten(),
        opt=2,
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(str(module)), machine)
    engine.finalize_object()
    pointers = [ctypes.c_void_p] * (1 + operands)
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, *pointers)(engine.get_function_address("kernel"))
    dtype = np.float64 if element == ir.DoubleType() else np.float32

    def run(*columns: Sequence[float]) -> list[float]:
        length = len(columns[0])
        padded = -(-length // 16) * 16
        arrays: list[Array] = [np.ones(padded, dtype) for _ in range(1 + operands)]
        for array, column in zip(arrays[1:], columns, strict=True):
            array[:length] = column
        call(padded, *[array.ctypes.data for array in arrays])
        assert engine  # lives as long as its code
        result: list[float] = arrays[0][:length].tolist()
        return result

    return run


def draw(rng: random.Random) -> float:
    """A number near 0 or 1, one of a moderate size, a whole one, or any pattern of bits."""
    kind = rng.randrange(8)
    if kind == 0:
        return float(struct.unpack("<d", rng.randbytes(8))[0])
    if kind == 1:
        return float(rng.randrange(-20, 20))
    if kind == 2:
        return 1.0 + rng.gauss() * math.pow(10.0, rng.uniform(-15, -1))
    if kind == 3:
        return math.copysign(10.0 ** rng.uniform(-10, 10), rng.random() - 0.5)
    return rng.gauss() * (1.0, 1.0, 10.0, 300.0)[kind - 4]


def samples(name: str) -> list[tuple[float, ...]]:
    """Operands for a row, the awkward points in every combination among them."""
    rng = random.Random(name)
    primitive = OPERATIONS[name]
    arity = 3 if primitive.variadic else len(primitive.rules)
    points = POINTS if arity < 3 else FEW_POINTS
    rows = list(itertools.product(points, repeat=arity))
    rows += [tuple(draw(rng) for _ in range(arity)) for _ in range(4000)]
    if name == "softmax_share":
        rows = [(x, x, *rest) for x, *rest in rows]  # the first is one of the others
    return rows


def eager(name: str, operands: tuple[float, ...]) -> float:
    primitive = OPERATIONS[name]
    return float(primitive.forward(*((operands,) if primitive.variadic else operands)))


def error(found: float, expected: float, largest: float = 0.0) -> float:
    """How far apart two numbers are, in ulp of the expected one or of a larger term."""
    if math.isnan(expected) or math.isnan(found):
        return 0.0 if math.isnan(expected) and math.isnan(found) else inf
    if expected == found:
        return 0.0 if math.copysign(1.0, expected) == math.copysign(1.0, found) else inf
    return abs(found - expected) / math.ulp(max(abs(expected), largest))


def test_every_row_has_instructions_or_is_known_to_have_none() -> None:
    assert set(ELEMENTARY) | ELSEWHERE == set(OPERATIONS)
    assert {name for name, row in OPERATIONS.items() if not has_kernel(row)} == IN_PYTHON


@pytest.mark.parametrize("name", ELEMENTARY)
def test_a_row_gives_what_its_python_kernel_gives(name: str) -> None:
    rows = samples(name)
    found = compiled(name, len(rows[0]))(*zip(*rows, strict=True))
    allowed = 0 if name in BIT_EQUAL else WIDER.get(name, 2)
    for operands, result in zip(rows, found, strict=True):
        expected = eager(name, operands)
        scale = 0.0
        if name in LARGEST_TERM and math.isfinite(expected):
            scale = LARGEST_TERM[name](*operands)
        assert error(result, expected, scale) <= allowed, (operands, result, expected)


@pytest.mark.parametrize(
    "name", ["atan", "cos", "cosh", "exp", "expm1", "log", "log1p", "sin", "sinh", "tanh"]
)
def test_an_elementary_function_is_within_one_ulp_of_the_true_number(name: str) -> None:
    rng = random.Random(name)
    points = [*POINTS]
    points += [rng.gauss() * 10.0 ** rng.uniform(-3, 2) for _ in range(2000)]
    points = [x for x in points if math.isfinite(eager(name, (x,)))]
    if name in ("sin", "cos"):
        points = [x for x in points if abs(x) <= 1e9]  # the others are the C library's
    with mpmath.workdps(50):
        for x, found in zip(points, compiled(name, 1)(points), strict=True):
            true = getattr(mpmath, name)(mpmath.mpf(x))
            distance = abs(mpmath.mpf(found) - true) / mpmath.mpf(math.ulp(float(true)))
            assert distance <= 1.0, (x, found, float(distance))


@pytest.mark.parametrize("width", [0, 1, 2, 4, 16])
@pytest.mark.parametrize("name", ["exp", "log", "sin", "tanh"])
def test_the_width_of_a_vector_does_not_change_a_bit(name: str, width: int) -> None:
    expected = compiled(name, 1)(POINTS)
    for a, b in zip(compiled(name, 1, width)(POINTS), expected, strict=True):
        assert error(a, b) == 0.0


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="another family")
@pytest.mark.parametrize("cpu", ["x86-64", "x86-64-v3"])
@pytest.mark.parametrize("name", ["cbrt", "exp", "log", "round", "sin", "tanh"])
def test_a_processor_with_fewer_instructions_gives_the_same_bits(name: str, cpu: str) -> None:
    expected = compiled(name, 1)(POINTS)
    for a, b in zip(compiled(name, 1, cpu=cpu)(POINTS), expected, strict=True):
        assert error(a, b) == 0.0


@pytest.mark.parametrize(("name", "rare"), [("sin", 1e22), ("silu", -720.0), ("elu_prime", -720.0)])
def test_a_rare_argument_leaves_the_other_lanes_alone(name: str, rare: float) -> None:
    run = compiled(name, 2 if name == "elu_prime" else 1)
    points = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    others = [[1.7] * 8] if name == "elu_prime" else []
    usual = run(points, *others)
    for i in range(8):
        found = run([*points[:i], rare, *points[i + 1 :]], *others)
        assert found[:i] + found[i + 1 :] == usual[:i] + usual[i + 1 :]


@pytest.mark.parametrize("name", ["sub", "exp", "hypot", "sigmoid"])
def test_single_precision_is_double_precision_rounded(name: str) -> None:
    with np.errstate(all="ignore"):
        columns = np.array(samples(name)[-2000:]).astype(np.float32).astype(np.float64).T.tolist()
        expected = np.array(compiled(name, len(columns))(*columns)).astype(np.float32).tolist()
    assert compiled(name, len(columns), element=ir.FloatType())(*columns) == pytest.approx(
        expected, rel=0.0, abs=0.0, nan_ok=True
    )
