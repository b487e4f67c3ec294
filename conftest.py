"""Settings for every test and every example in a docstring, wherever it stands."""

from collections.abc import Iterator

import pytest

from autograd_mini.primitive import OPERATIONS


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    """What a test adds to the table of operations leaves it with the test."""
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)
