"""Each kernel does what numpy does, on shapes of every kind, and touches nothing else."""

import ctypes
from collections.abc import Sequence
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

from autograd_mini.program import compiler, native  # noqa: E402  # they need both
from autograd_mini.program.state import WIDTH, State  # noqa: E402

CANARY = -1.25e30
SHAPES = [1, 2, 3, 4, 5, 7, 8, 13]
SAMPLES = [1, 7, 8, 9, 32, 33, 51, 100]
DTYPES = ["float64", "float32"]


class Memory:
    """Numbers at random distances, with canaries in between."""

    def __init__(self, seed: int, dtype: str) -> None:
        self.random = np.random.default_rng(seed)
        self.dtype = dtype
        self.canary = np.dtype(dtype).type(CANARY)
        self.numbers = np.full(200_000, self.canary, dtype)
        self.expected = self.numbers.copy()
        self.used = 16
        self.kept: list[Any] = []
        self.address_of = native.address_of

    def rows(self, count: int, length: int) -> list[int]:
        """Places for rows of so many numbers, rounded up to whole vectors, in random order."""
        places = []
        for _ in range(count):
            places.append(self.used)
            self.used += -(-length // WIDTH) * WIDTH + int(self.random.integers(1, 20))
        self.random.shuffle(places)
        return places

    def filled(self, count: int, length: int) -> tuple[list[int], Any]:
        """The same with random numbers in them, the last vector included, and these."""
        places, whole = self.rows(count, length), -(-length // WIDTH) * WIDTH
        values = self.random.normal(size=(count, whole)).astype(self.dtype)
        for place, row in zip(places, values, strict=True):
            self.numbers[place : place + whole] = self.expected[place : place + whole] = row
        return places, values

    def table(self, entries: Sequence[int]) -> int:
        """The address of a table."""
        array = np.array(entries, np.int64)
        self.kept.append(array)
        return int(array.ctypes.data)

    def run(self, kernel: str, samples: int, *arguments: int, **state: int) -> None:
        """One instruction for one block of samples."""
        words = [2 + len(arguments), self.address_of(kernel, self.dtype), *arguments]
        code = np.array(words, np.int64)
        bounds = np.array([0, samples], np.int64)
        places = np.zeros(State.COUNT, np.int64)
        places[State.BASE] = self.numbers.ctypes.data
        places[State.BOUNDS], places[State.STEPS] = bounds.ctypes.data, 1
        places[State.BLOCK] = -(-samples // WIDTH) * WIDTH
        places[State.DURING], places[State.DURING + 1] = code.ctypes.data, len(code)
        for name, number in state.items():
            places[State[name]] = number
        native.run(self.dtype)(ctypes.c_void_p(places.ctypes.data))
        self.is_nan = int(places[State.IS_NAN])

    def check(self, *, exactly: bool = True) -> None:
        """Everything is as expected, canaries included."""
        untouched = self.expected == self.canary
        assert (self.numbers[untouched] == self.canary).all()
        if exactly:
            np.testing.assert_array_equal(self.numbers, self.expected)
        else:
            tolerance = 1e-13 if self.dtype == "float64" else 1e-4
            np.testing.assert_allclose(self.numbers, self.expected, rtol=tolerance, atol=tolerance)

    def expect(self, places: Sequence[int], rows: Any) -> None:
        """What is to be at some places."""
        for place, row in zip(places, rows, strict=True):
            self.expected[place : place + len(row)] = row


def whole(samples: int) -> int:
    return -(-samples // WIDTH) * WIDTH


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize(
    ("name", "count"), [("add", 2), ("mul", 2), ("neg", 1), ("where", 3), ("gate", 2), ("open", 2)]
)
def test_an_elementwise_kernel_does_every_row(
    name: str, count: int, samples: int, dtype: str
) -> None:
    memory = Memory(samples, dtype)
    operands = [memory.filled(5, samples) for _ in range(count)]
    results = memory.rows(5, samples)
    x, y = operands[0][1], operands[-1][1]
    found = {
        "add": lambda: x + y,
        "mul": lambda: x * y,
        "neg": lambda: -x,
        "where": lambda: np.where(x != 0.0, operands[1][1], y),
        "gate": lambda: np.where(y == 0.0, 0.0, x * y),
        "open": lambda: np.where(y > 0.0, x, 0.0),
    }[name]()
    memory.expect(results, found)
    tables = [memory.table(places) for places, _ in [(results, None), *operands]]
    memory.run(f"{name}/{count}", samples, 5, 0, *tables)
    memory.check()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("samples", SAMPLES)
def test_two_operations_give_what_each_gives_for_each_vector(samples: int, dtype: str) -> None:
    memory = Memory(samples, dtype)
    operands, _ = memory.filled(3, samples)
    first, last = memory.rows(3, samples), memory.rows(3, samples)
    for name, results in ("tanh", first), ("sech_squared", last):
        alone = Memory(samples, dtype)
        alone.numbers[:] = memory.numbers
        for start in range(0, whole(samples), WIDTH):
            tables = [alone.table([p + start for p in places]) for places in (results, operands)]
            alone.run(f"{name}/1", WIDTH, 3, 0, *tables)
        for place in results:
            row = slice(place, place + whole(samples))
            memory.expected[row] = alone.numbers[row]
    tables = [memory.table(places) for places in (first, last, operands)]
    memory.run("tanh+sech_squared/1", samples, 3, 0, *tables)
    memory.check()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("height", SHAPES)
@pytest.mark.parametrize("finish", ["", "_relu", "_open", "_mul"])
def test_a_matrix_is_multiplied_from_left_to_right(
    finish: str, height: int, samples: int, dtype: str
) -> None:
    width = 1 + (height * 5 + samples) % 11
    memory = Memory(height * samples, dtype)
    vector, x = memory.filled(width, samples)
    gates, r = memory.filled(height, samples)
    (first,), w = memory.filled(1, height * width)
    biases, b = memory.filled(height, 1)
    results = memory.rows(height, samples)
    transposed = samples % 2 == 0
    w = w[0, : height * width]
    w = w.reshape(width, height).T if transposed else w.reshape(height, width)
    strides = (1, height) if transposed else (width, 1)
    total = np.zeros((height, whole(samples)), dtype)
    for k in range(width):
        total = total + w[:, k, None] * x[k]
    with_bias = height % 2 == 0
    if with_bias:
        total = total + b[:, :1]
    if finish == "_relu":
        total = np.maximum(total, 0.0)
    elif finish == "_open":
        total = np.where(r > 0.0, total, 0.0)
    elif finish == "_mul":
        total = total * r
    memory.expect(results, total)
    tables = [memory.table(results), memory.table(vector)]
    tables += [memory.table(biases) if with_bias else 0, memory.table(gates)]
    memory.run(f"matrix{finish}", samples, height, width, first, *strides, *tables)
    memory.check()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("height", SHAPES)
def test_an_outer_product_sums_the_samples_alone(height: int, samples: int, dtype: str) -> None:
    width = 1 + (height * 3 + samples) % 9
    memory = Memory(height + samples, dtype)
    rows, a = memory.filled(height, samples)
    columns, x = memory.filled(width, samples)
    for place in (*rows, *columns):  # what lies beyond the last sample must not matter
        memory.numbers[place + samples : place + whole(samples)] = np.nan
    memory.expected[:] = memory.numbers
    totals, before = memory.filled(height, width)
    memory.expect(totals, before[:, :width] + a[:, :samples] @ x[:, :samples].T)
    tables = map(memory.table, (totals, rows, columns))
    memory.run("outer", samples, height, width, *tables)
    memory.check(exactly=False)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("kernel", ["terms", "uniform_terms"])
def test_terms_are_added_from_left_to_right(kernel: str, samples: int, dtype: str) -> None:
    memory = Memory(samples, dtype)
    length = samples if kernel == "terms" else 1
    rows, x = memory.filled(9, length)
    results = memory.rows(3, length)
    lengths = [0, 1, 5]
    ends = np.cumsum([0, *lengths])
    pairs = memory.random.integers(0, 9, size=(ends[-1], 2))
    for result, first, last in zip(results, ends, ends[1:], strict=False):
        total = np.zeros(whole(length) if kernel == "terms" else 1, dtype)
        for i, k in pairs[first:last]:
            total = total + x[i, : len(total)] * x[k, : len(total)]
        memory.expect([result], [total])
    flat = [rows[i] for i in pairs.ravel()]
    tables = map(memory.table, (results, ends.tolist(), flat))
    memory.run(kernel, samples, 3, *tables)
    memory.check()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("width", [1, 3, 8, 13, 16])
@pytest.mark.parametrize("kernel", ["write_outputs", "write_derivatives"])
def test_a_batch_is_read_and_outputs_are_written(
    kernel: str, width: int, samples: int, dtype: str
) -> None:
    memory = Memory(samples, dtype)
    batch = memory.random.normal(size=(samples, width)).astype(dtype)
    batch[-1, -1] = -0.0
    inputs = memory.rows(width, samples)
    padded = np.vstack([batch, np.repeat(batch[-1:], whole(samples) - samples, axis=0)])
    memory.expect(inputs, padded.T)
    table = memory.table(inputs)
    source = batch.ctypes.data
    memory.run("read_batch", samples, width, table, BATCH=source, BATCH_WIDTH=width)
    memory.check()
    out = np.full((samples + 2, width), CANARY, dtype)
    target = out[1:-1].ctypes.data
    memory.run(kernel, samples, width, table, OUT=target, OUT_WIDTH=width)
    memory.check()
    np.testing.assert_array_equal(out[1:-1], batch)
    assert np.signbit(out[-2, -1]) == (kernel == "write_outputs")
    assert memory.is_nan == 0
    memory.numbers[inputs[-1] + samples - 1] = np.nan
    memory.run(kernel, samples, width, table, OUT=target, OUT_WIDTH=width)
    assert memory.is_nan == (kernel == "write_derivatives")
    assert (out[[0, -1]] == np.dtype(dtype).type(CANARY)).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", SAMPLES)
def test_numbers_are_moved(count: int, dtype: str) -> None:
    memory = Memory(count, dtype)
    numbers, values = memory.filled(count, 1)
    rows, (result,) = memory.rows(count, 16), memory.rows(1, count)
    memory.expect(rows, np.repeat(values[:, :1], 16, axis=1))
    memory.run("splat", 1, count, 16, memory.table(rows), memory.table(numbers))
    memory.check()
    memory.expect([result], [values[:, 0]])
    memory.run("gather", 1, count, result, memory.table(numbers))
    memory.check()
    (counted,) = memory.rows(1, 1)
    memory.expect([counted], [[count]])
    memory.run("count_samples", count, counted)
    memory.check()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", SAMPLES)
@pytest.mark.parametrize("kernel", ["watch", "watch_derivatives"])
def test_a_nan_is_noticed_wherever_it_is(kernel: str, count: int, dtype: str) -> None:
    memory = Memory(count, dtype)
    (place,), _ = memory.filled(1, count)
    end = place + whole(count)
    memory.numbers[place] = -0.0
    memory.numbers[place + count : end] = np.nan  # beyond those that are watched
    memory.run(kernel, 1, count, place)
    assert memory.is_nan == 0
    assert np.signbit(memory.numbers[place]) == (kernel == "watch")
    assert np.isnan(memory.numbers[place + count : end]).all()
    assert (memory.numbers[end:] == memory.expected[end:]).all()
    for i in range(count):
        memory.numbers[place + i] = np.nan
        memory.run(kernel, 1, count, place)
        assert memory.is_nan == 1
        memory.numbers[place + i] = np.inf
    history = np.zeros(1, dtype)
    memory.run("note", 1, place, HISTORY=history.ctypes.data)
    assert (history[0], memory.is_nan) == (np.inf, 0)


@pytest.mark.parametrize("height", [1, 2, 3, 8])
@pytest.mark.parametrize("samples", [7, 33])
def test_tiles_for_a_processor_of_few_registers_do_the_same(
    samples: int, height: int, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "cache_directory", lambda: tmp_path)
    monkeypatch.setattr(native, "processor", lambda: "another")
    monkeypatch.setattr(compiler, "features", lambda: "")
    memory = Memory(samples, "float64")
    memory.address_of = native.load
    vector, x = memory.filled(5, samples)
    (first,), w = memory.filled(1, height * 5)
    results = memory.rows(height, samples)
    total = np.zeros((height, whole(samples)))
    for k in range(5):
        total = total + w[0, k : height * 5 : 5, None] * x[k]
    memory.expect(results, total)
    tables = memory.table(results), memory.table(vector), 0, 0
    memory.run("matrix", samples, height, 5, first, 5, 1, *tables)
    memory.check()
    totals, before = memory.filled(height, 5)
    memory.expect(totals, before[:, :5] + total[:, :samples] @ x[:, :samples].T)
    memory.run("outer", samples, height, 5, *map(memory.table, (totals, results, vector)))
    memory.check(exactly=False)


def test_kept_machine_code_that_is_damaged_is_compiled_again(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "cache_directory", lambda: tmp_path)
    native.load("sign/1", "float64")
    (kept,) = tmp_path.iterdir()
    whole_file = kept.read_bytes()
    kept.write_bytes(whole_file[:-1])
    assert native.kept(kept) is None
    native.load("sign/1", "float64")
    assert kept.read_bytes() == whole_file


def test_a_place_where_nothing_can_be_kept_is_no_hindrance(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(native, "cache_directory", lambda: tmp_path / "file" / "below")
    assert isinstance(ctypes.c_void_p(native.load("step/1", "float64")).value, int)
