"""Models written to files and read back: the same bits, or an error and the model as it was."""

import json
import math
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, Layer, Neuron
from nn.files import read_state, write_state

FORMAT = "autograd-mini state, version 1"


def text(parameters: str = '{"weights.0": 0.5, "bias": 1.0}', **entries: str) -> str:
    both = {"format": json.dumps(FORMAT), "parameters": parameters} | entries
    return "{" + ", ".join(f'"{name}": {entry}' for name, entry in both.items()) + "}"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3))
def test_every_finite_number_comes_back_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    path = tmp_path_factory.getbasetemp() / "numbers.json"
    one, other = Neuron(2), Neuron(2)
    for parameter, number in zip(one.parameters(), numbers, strict=True):
        parameter.data = number
    one.save(path)
    other.load(path)
    assert [p.data.hex() for p in other.parameters()] == [p.hex() for p in numbers]


@pytest.mark.parametrize("number", [-0.0, 5e-324, 1.7976931348623157e308, 0.1, 1e22])
def test_numbers_at_the_ends_of_their_range_come_back(tmp_path: Path, number: float) -> None:
    write_state(tmp_path / "s.json", {"x": number})
    assert read_state(tmp_path / "s.json")["x"].hex() == number.hex()


def test_a_network_is_the_same_after_loading(tmp_path: Path) -> None:
    one, other = MLP(2, [3, 2], rng=0), MLP(2, [3, 2], rng=1)
    one.save(str(tmp_path / "model.json"))
    other.load(str(tmp_path / "model.json"))
    assert other.state_dict() == one.state_dict()
    assert [p.name for p in tmp_path.iterdir()] == ["model.json"]


def test_a_file_by_hand_may_hold_integers_and_any_order(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(text('{"bias": 2, "weights.0": -1e1}'), encoding="utf-8-sig")
    neuron = Neuron(1)
    neuron.load(tmp_path / "m.json")
    assert neuron.state_dict() == {"weights.0": -10.0, "bias": 2.0}


WRONG: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "Expecting value"),
    "no JSON": ("model", "Expecting value"),
    "truncated": (text()[:-20], "Expecting|Unterminated"),
    "two documents": (text() * 2, "Extra data"),
    "a list": ("[1.0, 2.0]", 'its entries are not "format" and "parameters"'),
    "a number": ("1.0", "its entries are not"),
    "an entry too many": (text(version="1"), "its entries are not"),
    "no format": ('{"parameters": {}}', "its entries are not"),
    "another format": (text(format='"pickle"'), "its format is 'pickle', not 'autograd-mini"),
    "a format that is no text": (text(format="[]"), r"its format is \[\], not"),
    "parameters in a list": (text("[0.5, 1.0]"), "are no table from names to numbers"),
    "NaN": (text('{"weights.0": NaN, "bias": 1.0}'), "NaN is no number that a model can have"),
    "Infinity": (text('{"weights.0": -Infinity, "bias": 1.0}'), "-Infinity is no number"),
    "too large": (text('{"weights.0": 1e999, "bias": 1.0}'), "the number 1e999 is too large"),
    "many digits": (text('{"weights.0": %s, "bias": 1}' % ("9" * 5000)), "the number 9+ is too"),
    "a boolean": (text('{"weights.0": true, "bias": 1.0}'), "'weights.0' is True, which is no"),
    "null": (text('{"weights.0": null, "bias": 1.0}'), "its 'weights.0' is None, which is no"),
    "text": (text('{"weights.0": "1", "bias": 1.0}'), "its 'weights.0' is '1', which is no"),
    "a list for a number": (text('{"weights.0": [1.0], "bias": 1.0}'), r"is \[1.0\], which is no"),
    "a name twice": (text('{"bias": 1.0, "weights.0": 1, "bias": 2}'), "name 'bias' occurs twice"),
    "parameters twice": (text()[:-1] + ', "parameters": {}}', "name 'parameters' occurs twice"),
    "deep": ("[" * 100_000, "nested too deeply|Expecting"),
    "deep and closed": ('{"a":' * 50_000 + "1" + "}" * 50_000, "nested too deeply|entries"),
    "a parameter is missing": (text('{"bias": 1.0}'), "no number for the parameter 'weights.0'"),
    "a parameter too many": (
        text('{"weights.0": 0.5, "weights.1": 0.5, "bias": 1.0}'),
        "the module has no parameter 'weights.1'",
    ),
    "bytes that are no text": (b"\x80\x81" + text().encode(), "codec can't decode"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_file_with_a_mistake_changes_nothing(tmp_path: Path, kind: str) -> None:
    content, sentence = WRONG[kind]
    path = tmp_path / "model.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    neuron = Neuron(1, rng=0)
    before = neuron.state_dict()
    with pytest.raises(ValueError, match=sentence) as caught:
        neuron.load(path)
    assert neuron.state_dict() == before
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500 + len(str(tmp_path))


@given(st.data())
def test_a_damaged_file_is_refused_or_holds_numbers_of_the_right_names(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    model = Layer(2, 2, rng=0)
    model.save(path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(content) - 1))
        cut, extra = data.draw(st.integers(0, 4)), data.draw(st.binary(max_size=3))
        content[position : position + cut] = extra
    path.write_bytes(content)
    before = model.state_dict()
    try:
        model.load(path)
    except ValueError:
        assert model.state_dict() == before
    else:
        assert model.state_dict().keys() == before.keys()
        assert all(map(math.isfinite, model.state_dict().values()))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_model_that_went_astray_is_not_saved_over_a_good_one(
    tmp_path: Path, number: float
) -> None:
    path, neuron = tmp_path / "model.json", Neuron(1)
    neuron.save(path)
    before = path.read_bytes()
    neuron.weights[0].data = number
    with pytest.raises(ValueError, match=r"the parameter 'weights.0' is .*, so the model was not"):
        neuron.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model.json"]


def fails(*arguments: object) -> None:
    raise OSError("no space left")


def is_interrupted(*arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize(
    ("fault", "error"), [(fails, OSError), (is_interrupted, KeyboardInterrupt)]
)
def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    fault: Callable[..., Any],
    error: type[BaseException],
) -> None:
    path, neuron = tmp_path / "model.json", Neuron(1, rng=0)
    neuron.save(path)
    before = path.read_bytes()
    neuron.weights[0].data = 9.0
    with monkeypatch.context() as patch:
        patch.setattr(call, fault)
        with pytest.raises(error):
            neuron.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model.json"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no symbolic links here")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    Neuron(1, rng=0).save(tmp_path / "b.json")
    assert (tmp_path / "b.json").is_symlink()
    assert read_state(tmp_path / "a.json") == Neuron(1, rng=0).state_dict()


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Neuron(1).save(tmp_path / "nowhere" / "model.json")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Neuron(1).load(tmp_path / "nowhere" / "model.json")


def test_a_file_that_save_wrote_is_refused_by_a_model_of_another_form(tmp_path: Path) -> None:
    rng = random.Random(0)
    Layer(2, 2, rng=rng).save(tmp_path / "m.json")
    for other in (Layer(2, 3, rng=rng), Layer(3, 2, rng=rng), Layer(2, 2, bias=False), MLP(2, [2])):
        before = other.state_dict()
        with pytest.raises(ValueError, match="parameter"):
            other.load(tmp_path / "m.json")
        assert other.state_dict() == before
