"""Numbers of a model in a file: JSON, read back to the bit, and nothing but numbers.

What the file holds is checked here; whether the model has such parameters, the model says.
"""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["read_state", "write_state"]

_FORMAT = "autograd-mini state, version 1"


def write_state(path: str | os.PathLike[str], state: Mapping[str, float]) -> None:
    """Write every number with its name; a file that is there is replaced at once, or not at all.

    Raises:
        ValueError: if a number is infinite or NaN, for which JSON has no word.
        OSError: if the file cannot be written.
    """
    for name, number in state.items():
        if not math.isfinite(number):
            raise ValueError(
                f"the parameter {name!r} is {number}, so the model was not saved: train it anew "
                "with a smaller learning rate"
            )
    text = json.dumps({"format": _FORMAT, "parameters": dict(state)}, indent=1) + "\n"
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_state(path: str | os.PathLike[str]) -> dict[str, float]:
    """The numbers that `write_state` wrote, by their names.

    Raises:
        ValueError: if the file holds anything else.
        OSError: if it cannot be read.
    """
    content = Path(path).read_bytes()
    try:
        document = json.loads(
            content,
            parse_float=_finite,
            parse_int=_finite,
            parse_constant=_refused,
            object_pairs_hook=_distinct,
        )
        return _numbers(document)
    except RecursionError:
        problem: object = "it is nested too deeply"
    except ValueError as error:
        problem = error
    raise ValueError(
        f"{os.fspath(path)!r} holds no saved model: {problem}. Give a file that save() wrote"
    )


def _numbers(document: Any) -> dict[str, float]:
    if not isinstance(document, dict) or document.keys() != {"format", "parameters"}:
        raise ValueError('its entries are not "format" and "parameters"')
    if document["format"] != _FORMAT:
        raise ValueError(f"its format is {document['format']!r:.60}, not {_FORMAT!r}")
    numbers = document["parameters"]
    if not isinstance(numbers, dict):
        raise ValueError('its "parameters" are no table from names to numbers')  # noqa: TRY004
    for name, number in numbers.items():
        if type(number) is not float:
            raise ValueError(f"its {name!r:.60} is {number!r:.60}, which is no number")
    return numbers


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"the number {digits:.60} is too large")
    return number


def _refused(token: str) -> NoReturn:
    raise ValueError(f"{token} is no number that a model can have")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r:.60} occurs twice")
    return entries
