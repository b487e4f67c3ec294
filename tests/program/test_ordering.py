"""Instructions come after what they depend on, and passes take turns only where they may."""

from typing import Any

import pytest

from autograd_mini.operations import exp, mul, relu, sech_squared, tanh

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

from autograd_mini.program.instructions import Line, Table  # noqa: E402  # they need both
from autograd_mini.program.internals import OPEN  # noqa: E402
from autograd_mini.program.ordering import varying_groups  # noqa: E402
from autograd_mini.program.passes import CHUNK, MOST, Passes  # noqa: E402
from autograd_mini.program.schedule import Group, Matrix, live_slots  # noqa: E402
from autograd_mini.program.tape import Kind, Tape  # noqa: E402


def layer(tape: Tape, vector: list[int], height: int) -> list[int]:
    """Dots of a vector with weights of their own."""
    rows = []
    for _ in range(height):
        weights = [tape.leaf(Kind.UNIFORM) for _ in vector]
        rows.append(tape.terms(list(zip(weights, vector, strict=True))))
    return rows


def ordered(tape: Tape, roots: list[int]) -> list[Group | Matrix]:
    """The groups, after a check that each follows what it needs."""
    _, varying, _ = live_slots(tape, roots)
    found = varying_groups(tape, varying, roots)
    known = {slot for slot in range(len(tape)) if not tape.operands[slot]}
    for group in found:
        if isinstance(group, Matrix):
            assert known.issuperset([*group.vector, *group.gates])
            known.update(group.slots)
        else:
            slots = [*group.slots, *group.others]
            assert all(known.issuperset(tape.operands[slot]) for slot in slots)
            known.update(slots)
    assert known.issuperset(roots)
    return found


def test_relu_is_taken_with_the_matrix_that_it_follows() -> None:
    tape = Tape()
    vector = [tape.leaf(Kind.VARYING) for _ in range(2)]
    outputs = [tape.record(relu, (row,)) for row in layer(tape, vector, 3)]
    (matrix,) = ordered(tape, outputs)
    assert isinstance(matrix, Matrix)
    assert (matrix.finish, matrix.slots) == ("relu", outputs)


@pytest.mark.parametrize("depth", [0, 3])
@pytest.mark.parametrize(("operation", "step"), [(OPEN, 1), (mul, 1), (mul, -1)])
def test_a_gate_is_taken_with_a_matrix_only_if_it_is_known_by_then(
    operation: Any, step: int, depth: int
) -> None:
    tape = Tape()
    vector = [tape.leaf(Kind.VARYING) for _ in range(2)]
    above = vector[0]
    for _ in range(depth):
        above = tape.record(exp, (above,))
    pairs = [(row, above) for row in layer(tape, vector, 3)]
    outputs = [tape.record(operation, pair[::step]) for pair in pairs]
    matrix, *_ = [group for group in ordered(tape, outputs) if isinstance(group, Matrix)]
    assert matrix.finish == ("" if depth else operation.name)
    assert list(matrix.gates) == ([] if depth else [above] * 3)


def test_results_multiplied_with_one_another_are_kept() -> None:
    tape = Tape()
    x, y = layer(tape, [tape.leaf(Kind.VARYING) for _ in range(2)], 2)
    matrix, *_ = ordered(tape, [tape.record(mul, (x, y))])
    assert matrix.slots == [x, y]


def test_results_that_are_needed_for_themselves_are_kept() -> None:
    tape = Tape()
    rows = layer(tape, [tape.leaf(Kind.VARYING) for _ in range(2)], 3)
    outputs = [tape.record(relu, (row,)) for row in rows]
    matrix, *_ = ordered(tape, [*rows, *outputs])
    assert matrix.slots == rows


def test_a_function_and_its_slope_are_computed_together() -> None:
    tape = Tape()
    x, y = tape.leaf(Kind.VARYING), tape.leaf(Kind.VARYING)
    slope = tape.record(sech_squared, (x,))
    found = ordered(tape, [tape.record(tanh, (x,)), tape.record(tanh, (y,)), slope])
    both = [group for group in found if isinstance(group, Group) and group.other]
    assert [len(group.slots) for group in both] == [1]


def test_a_few_products_are_no_matrix() -> None:
    tape = Tape()
    rows = layer(tape, [tape.leaf(Kind.VARYING)], 2)
    assert not any(isinstance(group, Matrix) for group in ordered(tape, rows))


def test_slots_that_are_the_same_are_one() -> None:
    tape = Tape()
    x = tape.leaf(Kind.VARYING)
    assert tape.record(mul, (x, x)) == tape.record(mul, (x, x))
    assert tape.constant(0.0) != tape.constant(-0.0)


@pytest.mark.parametrize(
    ("shift", "order"),
    [
        (0, "neg exp neg exp"),
        (8, "neg neg exp exp"),
        (-8, "neg neg exp exp"),
        (4 * CHUNK, "neg exp neg exp"),
    ],
)
def test_passes_take_turns_unless_one_needs_what_the_other_makes_elsewhere(
    shift: int, order: str
) -> None:
    sections: tuple[list[Line], ...] = ([], [], [])
    tables: list[Any] = []

    def table(entries: Any) -> Table:
        tables.append(entries)
        return Table(len(tables), of_rows=False)

    passes = Passes(sections, table, lambda count: 10**6)
    count = 2 * CHUNK
    made, other = np.arange(8, 8 + count), np.arange(10**5, 10**5 + count)
    passes.add(0, "neg/1", made, other[:, None], "", 0)
    passes.add(0, "exp/1", other + 2 * count, made[:, None] + shift, "", 0)
    passes.finish()
    assert [line.what for line in sections[0]] == [f"{name}/1" for name in order.split()]


@pytest.mark.parametrize(
    ("count", "passes", "lines"),
    [(CHUNK, 1, 1), (2 * CHUNK, 1, 0), (2 * CHUNK, MOST, 0), (2 * CHUNK, MOST + 1, 2 * MOST)],
)
def test_passes_wait_if_there_are_turns_to_take_and_only_so_many(
    count: int, passes: int, lines: int
) -> None:
    sections: tuple[list[Line], ...] = ([], [], [])
    waiting = Passes(sections, lambda entries: Table(0, of_rows=False), lambda count: 10**6)
    for place in range(passes):
        places = np.arange(count) + place * 10**4
        waiting.add(0, "neg/1", places, places[:, None], "", 0)
    assert len(sections[0]) == lines
