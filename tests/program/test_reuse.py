"""Rows are used again as soon as they can be, and no sooner."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

from autograd_mini.program.reuse import shared_out  # noqa: E402  # it needs both


@given(st.lists(st.lists(st.integers(0, 30))))
def test_slots_share_a_row_unless_both_are_needed_at_once(touched: list[list[int]]) -> None:
    slots = [slot for each in touched for slot in each]
    ends = [*accumulate(map(len, touched))]
    found, rows, count = shared_out(np.array(slots, np.int64), ends)
    assert found.tolist() == [*dict.fromkeys(slots)]
    row_of = dict(zip(found.tolist(), rows.tolist(), strict=True))
    needed = [
        set(slots[:end]) & set(slots[end - len(each) :])
        for each, end in zip(touched, ends, strict=True)
    ]
    for together in needed:
        assert len({row_of[slot] for slot in together}) == len(together)
    assert count == max(map(len, needed), default=0)
    assert set(row_of.values()) == set(range(count))
