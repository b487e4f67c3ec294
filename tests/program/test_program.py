"""The public face of programs: shapes, what is read and written, and what is refused."""

import math
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd_mini import Dense, Value, dot, exp, gradients, log, maximum, no_grad, relu, where
from autograd_mini.operations import OPERATIONS
from autograd_mini.primitive import define
from autograd_mini.program import Program, compile

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")


def line() -> tuple[Program, Value, Value]:
    """(w x + b)², its mean over samples of x, with parameters w = 2 and b = 1."""
    w, b, x = Value(2.0), Value(1.0), Value(0.0)
    return compile((w * x + b) ** 2, inputs=[x], parameters=[w, b]), w, b


def test_outputs_have_a_row_per_sample() -> None:
    program = compile(lambda x, y: [x + y, x * y, x], 2)
    assert program([[1.0, 2.0], [3.0, 4.0]]).tolist() == [[3.0, 2.0, 1.0], [7.0, 12.0, 3.0]]
    assert program(np.zeros((0, 2))).shape == (0, 3)


def test_parameters_are_read_at_every_call() -> None:
    program, w, _ = line()
    assert program([[1.0]]).tolist() == [[9.0]]
    w.data = 3.0
    assert program([[1.0]]).tolist() == [[16.0]]


def test_a_gradient_is_returned_and_left_in_the_parameters() -> None:
    program, w, b = line()
    w.grad = 100.0
    value, gradient = program.value_and_gradient([[0.0], [1.0]])
    assert (value, gradient.tolist()) == (5.0, [3.0, 4.0])
    assert (w.grad, b.grad) == (3.0, 4.0)


def test_given_parameters_take_the_place_of_the_values() -> None:
    program, w, _ = line()
    value, gradient = program.value_and_gradient([[1.0]], parameters=[0.0, 1.0])
    assert (value, gradient.tolist(), w.grad) == (1.0, [2.0, 2.0], 0.0)


def test_a_sum_is_the_mean_times_the_samples() -> None:
    w, x = Value(2.0), Value(0.0)
    loss = w * x + w * w
    program = compile(loss, [x], [w], reduction="sum")
    value, gradient = program.value_and_gradient([[1.0], [2.0], [3.0]])
    assert (value, gradient.tolist()) == (24.0, [18.0])


def test_without_parameters_every_sample_has_its_value_and_gradient() -> None:
    values, slopes = compile(lambda x, y: x * y, 2).value_and_gradient([[2.0, 3.0], [4.0, 5.0]])
    assert values.tolist() == [6.0, 20.0]
    assert slopes.tolist() == [[3.0, 2.0], [5.0, 4.0]]


def test_other_leaves_are_read_at_every_call() -> None:
    x, scale = Value(0.0), Value(2.0)
    program = compile(x * scale, [x])
    scale.data = 5.0
    assert program([[3.0]]).tolist() == [[15.0]]


def test_descent_goes_the_same_way_as_steps_one_by_one() -> None:
    batch = [[0.5], [-1.0], [2.0]]
    program, w, b = line()
    expected = []
    for _ in range(5):
        value, gradient = program.value_and_gradient(batch)
        expected.append(value)
        w.data, b.data = (np.array([w.data, b.data]) - 0.05 * gradient).tolist()
    again, w_again, b_again = line()
    assert again.descend(batch, 0.05, steps=5).tolist() == expected
    assert (w_again.data, b_again.data) == (w.data, b.data)


def test_descent_reads_the_other_leaves_too() -> None:
    w, x, scale = Value(1.0), Value(0.0), Value(3.0)
    program = compile(scale * w * x, [x], [w])
    scale.data = 5.0
    assert program.descend([[2.0]], 0.1).tolist() == [10.0]
    assert w.data == 0.0


def test_descent_changes_given_parameters_and_leaves_the_values_alone() -> None:
    program, w, b = line()
    numbers = np.array([2.0, 1.0])
    assert program.descend([[1.0]], 0.1, parameters=numbers).tolist() == [9.0]
    assert numbers == pytest.approx([1.4, 0.4])
    assert (w.data, b.data) == (2.0, 1.0)


def test_descent_takes_the_samples_within_bounds() -> None:
    program, w, b = line()
    first, last = program.descend([[0.0], [1.0], [9.0]], 0.1, bounds=[(0, 1), (1, 2)])
    assert (first, last) == (1.0, (2.0 + 0.8) ** 2)
    assert (w.data, b.data) == pytest.approx((2.0 - 0.56, 0.8 - 0.56))


def test_the_same_batch_gives_the_same_bits() -> None:
    batch = np.random.default_rng(0).normal(size=(1000, 1))
    program, *_ = line()
    results = {program.value_and_gradient(batch)[1].tobytes() for _ in range(5)}
    assert len(results) == 1


def test_threads_may_call_one_program() -> None:
    program, *_ = line()
    batch = np.linspace(-1.0, 1.0, 3001)[:, None]
    expected = program(batch).tobytes()
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.extend(program(batch).tobytes() for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {expected}
    assert len(found) == 80


def test_what_does_not_depend_on_something_has_a_derivative_of_zero() -> None:
    w, unused, x = Value(2.0), Value(3.0), Value(0.0)
    program = compile(w * x, [x], [w, unused])
    assert program.value_and_gradient([[1.0], [2.0]])[1].tolist() == [1.5, 0.0]
    assert program.hessian([[1.0]]).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert compile(lambda x, y: x + 2.0 * y, 2).hessian([[1.0, 2.0]]).tolist() == [[[0.0] * 2] * 2]
    assert compile(lambda x, y: [x, y], 2).jacobian([[1.0, 2.0]]).tolist() == [np.eye(2).tolist()]


def test_gradients_of_every_kind_come_in_the_order_of_the_parameters() -> None:
    a, b, c, x = Value(2.0), Value(3.0), Value(5.0), Value(0.0)
    program = compile(a * a + b * x + c * c * x + 7.0 * c, [x], [c, a, b])
    assert program.value_and_gradient([[1.0], [3.0]])[1].tolist() == [27.0, 4.0, 2.0]


def test_a_loss_of_parameters_alone_is_the_same_for_every_sample() -> None:
    w, x = Value(2.0), Value(0.0)
    program = compile(w * w, [x], [w])
    assert program([[1.0], [5.0]]).tolist() == [[4.0], [4.0]]
    value, gradient = program.value_and_gradient([[1.0], [5.0]])
    assert (value, gradient.tolist()) == (4.0, [4.0])


@pytest.mark.parametrize("samples", [1, 255, 256, 257, 5000])
def test_a_batch_of_any_size_is_summed_once(samples: int) -> None:
    w, x = Value(2.0), Value(0.0)
    program = compile(w * x, [x], [w], reduction="sum")
    value, gradient = program.value_and_gradient(np.ones((samples, 1)))
    assert (value, gradient.tolist()) == (2.0 * samples, [float(samples)])


def test_nothing_flows_to_what_was_not_selected() -> None:
    program = compile(
        lambda x, y: where(relu(x), log(x), 0.0 * x) + relu(log(y)) + maximum(log(y), -5.0), 2
    )
    slopes = program.jacobian([[-1.0, 0.0], [2.0, 4.0]])
    assert slopes.tolist() == [[[0.0, 0.0]], [[0.5, 0.5]]]


def test_single_precision_stays_within_its_rounding() -> None:
    w, x = Value(0.1), Value(0.0)
    program = compile(exp(w * x), [x], [w], dtype="float32")
    value, gradient = program.value_and_gradient([[1.0], [2.0]])
    assert program([[1.0]]).dtype == gradient.dtype == np.float32
    assert value == pytest.approx((np.exp(0.1) + np.exp(0.2)) / 2.0, rel=1e-6)
    assert gradient[0] == pytest.approx((np.exp(0.1) + 2.0 * np.exp(0.2)) / 2.0, rel=1e-6)


def test_a_layer_computes_with_the_numbers_that_a_descent_has_left() -> None:
    w, x = Value(1.0), Value(0.0)
    layer = Dense([[w]], [None])
    program = compile((layer([x])[0] - 6.0) ** 2, inputs=[x], parameters=[w])
    program.descend([[2.0]], 0.125)
    assert (w.data, layer([2.0])[0].data) == (3.0, 6.0)


def test_an_operation_of_the_users_own_runs_by_its_function() -> None:
    cube = define("test_cube", lambda x: x * x * x, lambda x, z: 3.0 * x * x)
    try:
        program = compile(lambda x, y: cube(x) * y, 2)
        numbers = np.arange(60.0).reshape(30, 2)
        assert program(numbers)[:, 0].tolist() == (numbers[:, 0] ** 3 * numbers[:, 1]).tolist()
        assert program.jacobian([[2.0, 3.0]]).tolist() == [[[36.0, 8.0]]]
        assert "test_cube 1 (in Python, number by number)" in program.explain()
        w = Value(2.0)
        uniform = compile(lambda x: x * cube(w), 1, [w])
        assert uniform.value_and_gradient([[1.0], [3.0]])[1].tolist() == [24.0]
    finally:
        del OPERATIONS["test_cube"]


def test_an_operation_of_the_users_own_may_run_the_program() -> None:
    def halvings(x: float) -> float:
        return 0.0 if x <= 1.0 else 1.0 + float(program([[x / 2.0]])[0, 0])

    halve = define("test_halvings", halvings, lambda x, z: 0.0)
    try:
        program = compile(lambda x: halve(x) + x, 1)
        assert program([[2.0], [8.0]]).tolist() == [[4.0], [18.0]]
    finally:
        del OPERATIONS["test_halvings"]


def test_an_error_of_the_users_own_operation_is_raised() -> None:
    def partial(x: float) -> float:
        if x < 0.0:
            raise ZeroDivisionError(f"at {x}")
        return x

    picky = define("test_picky", partial, lambda x, z: 1.0)
    try:
        program = compile(picky, 1)
        with pytest.raises(ZeroDivisionError, match=r"at -4\.0"):
            program([[1.0], [-4.0]])
        assert program([[1.0]]).tolist() == [[1.0]]
    finally:
        del OPERATIONS["test_picky"]


def test_duplicates_and_dead_nodes_cost_nothing() -> None:
    x = Value(0.5)
    exp(x) * 3.0  # not part of the output
    program = compile(exp(x) + exp(x) * (2.0 * 3.0), [x])
    listed = program.explain()
    assert listed.count("exp 1") == 1
    assert "mul 1" in listed
    assert program([[0.0]]).tolist() == [[7.0]]


def test_a_layer_is_one_matrix() -> None:
    ws, xs = [[Value(0.1) for _ in range(3)] for _ in range(4)], [Value(1.0) for _ in range(3)]
    outputs = [dot(row, xs) for row in ws]
    program = compile(outputs, xs, [w for row in ws for w in row])
    assert "matrix 4 × 3: W x" in program.explain()


# ---------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("f", "sentence"),
    [
        (lambda x: x if x > 0.0 else -x, r"compares \(>\) a number that depends on the inputs"),
        (lambda x: x if x == 0.0 else -x, r"compares \(==\)"),
        (lambda x: x if bool(x) else -x, "branches on"),
        (lambda x: x * float(x), "converts to float"),
        (lambda x: x * x.data, "reads the data"),
        (lambda x: x * x.item(), "reads the data of a number that"),
        (lambda x: x * exp(x).detach(), "detaches"),
        (lambda x: x * gradients(x * x, [x])[0], "differentiates"),
        (lambda x: x * min(1.0, x), "compares"),
        (lambda x: x * no_grad()(lambda: x * x)(), "turns off the recording"),
        (lambda x: [x, 3.0], "an output of a program must be a Value, not float 3.0"),
    ],
)
def test_a_function_that_looks_at_a_number_is_refused(f: Callable[..., Any], sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        compile(f, 1)


def test_a_function_that_looks_at_the_weights_of_a_layer_is_refused() -> None:
    w = Value(3.0, label="w")
    layer = Dense([[1.0, w]], [None])
    layer([1.0, 1.0])  # and has read them before
    with pytest.raises(TypeError, match=r"reads the data of .* Value\(3.0, label='w'\)"):
        compile(lambda x: x * layer.numbers()[0][1], 1, parameters=[w])
    assert compile(lambda x: x * layer.numbers()[0][1], 1)([[2.0]]).tolist() == [[6.0]]
    assert compile(lambda x: layer([x, x]), 1, parameters=[w])([[2.0]]).tolist() == [[8.0]]


def test_a_function_may_look_at_its_constants() -> None:
    constant = Value(2.0)
    program = compile(lambda x: x * (3.0 if constant > 1.0 else 4.0), 1)
    assert program([[1.0]]).tolist() == [[3.0]]


def test_a_function_may_hold_a_derivative() -> None:
    def slope(x: Value) -> Any:
        return gradients(exp(x) * x, [x], create_graph=True)[0]

    assert compile(slope, 1)([[0.0], [1.0]])[:, 0] == pytest.approx([1.0, 2.0 * np.e])


def test_watching_a_function_ends_with_it() -> None:
    before = sys.getprofile()
    with pytest.raises(TypeError):
        compile(lambda x: x if x > 0.0 else -x, 1)
    assert sys.getprofile() is before
    assert Value(1.0) > 0.0


def test_a_stale_graph_is_refused() -> None:
    w, x = Value(2.0), Value(1.0)
    loss = w * x
    w.data = 3.0
    with pytest.raises(RuntimeError, match=r"stale: an operand of mul\(3.0, 1.0\) was changed"):
        compile(loss, [x], [w])


X = Value(1.0)
ONE: Any = 1.0
OTHER: Any = "other"


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: compile(X * X, [Value(0.0)]), ValueError, "depends on none of the inputs"),
        (lambda: compile([X, 2.0 * Value(1.0)], [X]), ValueError, "output 1"),
        (lambda: compile(X * X, [X, X]), ValueError, "given twice"),
        (lambda: compile(X * X, [X], [X]), ValueError, "given twice among inputs and"),
        (lambda: compile([], [X]), ValueError, "needs an output"),
        (lambda: compile(X * X, [ONE]), TypeError, "an input of a program must be a Value"),
        (lambda: compile(X * X, 1), TypeError, "inputs is a list of Values"),
        (lambda: compile(exp, [X]), TypeError, "how many scalars it takes"),
        (lambda: compile(exp, 1, dtype=OTHER), ValueError, "no dtype 'other'"),
        (lambda: compile(exp, 1, reduction=OTHER), ValueError, "no reduction 'other'"),
        (lambda: compile(exp, 1)([1.0]), ValueError, r"shape \(1,\), where samples × 1"),
        (lambda: compile(exp, 1)([[1.0, 2.0]]), ValueError, r"shape \(1, 2\)"),
        (lambda: compile(exp, 1)([["a"]]), TypeError, "an array of numbers"),
        (lambda: compile(exp, 1).descend([[1.0]], 0.1), ValueError, "no parameters to change"),
        (lambda: line()[0].descend([[1.0]], 0.1, bounds=[(0, 2)]), ValueError, "outside"),
        (lambda: line()[0].descend([[1.0]], 0.1, steps=0), ValueError, "of 0 steps"),
        (lambda: line()[0].descend([[1.0]], 0.1, parameters=ONE), TypeError, "must be an array"),
        (lambda: line()[0].value_and_gradient([[1.0]], parameters=[1.0]), ValueError, r"\(1,\)"),
        (lambda: line()[0].value_and_gradient(np.zeros((0, 1))), ValueError, "no samples"),
        (lambda: line()[0].hvp([[1.0]], [1.0]), ValueError, "each of the 2 parameters"),
        (lambda: compile(exp, 1).hvp([[1.0]], [1.0, 2.0]), ValueError, "a number per input"),
        (
            lambda: compile(lambda x: [x, x], 1, [Value(1.0)]).value_and_gradient([[1.0]]),
            ValueError,
            "this program has 2",
        ),
    ],
)
def test_a_wrong_call_is_refused_with_a_sentence(
    call: Callable[[], Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        call()


# ---------------------------------------------------------------------- what it needs

ROOT = Path(__file__).parents[2]


def run(program: str) -> str:
    """What a fresh interpreter prints."""
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return finished.stdout


def test_importing_the_package_imports_neither_numpy_nor_the_compiler() -> None:
    program = "import sys, autograd_mini.program, nn; print({'numpy', 'llvmlite'} & {*sys.modules})"
    assert run(program) == "set()\n"


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="machine code is linked by LLVM there",
)
def test_a_program_whose_kernels_are_kept_does_without_llvm() -> None:
    program = (
        "import sys; from autograd_mini.program import compile\n"
        "print(compile(lambda x, y: x ** y + x, 2).jacobian([[2.0, 3.0]]).tolist())\n"
        "print({'llvmlite.binding', 'autograd_mini.program.kernels'} & {*sys.modules})"
    )
    run(program)
    assert run(program) == f"[[[13.0, {8.0 * math.log(2.0)}]]]\nset()\n"


def test_a_machine_without_llvmlite_gets_a_sentence() -> None:
    program = (
        "import sys; sys.modules['llvmlite'] = None\n"
        "from autograd_mini.program import compile\n"
        "try: compile(lambda x: x, 1)\n"
        "except ImportError as error: print(error)"
    )
    assert "pip install 'autograd-mini[compiled]'" in run(program)
