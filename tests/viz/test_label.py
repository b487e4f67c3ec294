"""Text in pictures: short, readable, and harmless."""

import math
import unicodedata

import graphviz  # type: ignore[import-untyped]  # the package has no annotations
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.label import clean, dot_label, number, short_number, with_indices

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # with control characters and surrogates


@pytest.mark.parametrize(
    ("x", "shown", "short"),
    [
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (3.0, "3", "3"),
        (-6.0, "−6", "−6"),
        (100.0, "100", "100"),
        (1.2, "1.2000", "1.2"),
        (0.1 + 0.2, "0.3000", "0.3"),
        (-0.103809, "−0.1038", "−0.1038"),
        (0.001, "0.001000", "0.001"),
        (0.0012164, "0.001216", "0.001216"),
        (-0.0348, "−0.03480", "−0.0348"),
        (0.000999, "9.990×10⁻⁴", "9.99×10⁻⁴"),
        (-1e-7, "−1.000×10⁻⁷", "−1×10⁻⁷"),
        (99_999.0, "99999", "99999"),
        (123_456.0, "1.235×10⁵", "1.235×10⁵"),
        (5e-324, "4.941×10⁻³²⁴", "4.941×10⁻³²⁴"),
        (math.inf, "∞", "∞"),
        (-math.inf, "−∞", "−∞"),
        (math.nan, "NaN", "NaN"),
    ],
)
def test_a_number_is_shown_shortly(x: float, shown: str, short: str) -> None:
    assert number(x) == shown
    assert short_number(x) == short


@given(st.floats())
def test_a_number_has_a_real_minus_sign_and_fits_a_card(x: float) -> None:
    assert "-" not in number(x)
    assert len(number(x)) <= 13


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("w^{2}_{11}", "w²₁₁"),
        ("w_{11}^{2}", "w₁₁²"),
        ("O^3_1", "O³₁"),
        ("x_1", "x₁"),
        ("x_i", "xᵢ"),
        ("δ_1", "δ₁"),
        ("b^{10}_{2}", "b¹⁰₂"),
        ("w^{1}_{10,2}", "w¹₁₀,₂"),
        ("loss_{k}", "lossₖ"),
        ("I_{O^{3}_{1}}", "I(O³₁)"),
        # as given: no such index in Unicode, or no index at all
        ("x_q", "x_q"),
        ("x_{yy}", "x_{yy}"),
        ("x_12", "x_12"),
        ("hidden_1", "hidden_1"),
        ("log_p", "log_p"),
        ("w2_11", "w2_11"),
        ("__init__", "__init__"),
        ("x_{}", "x_{}"),
        ("x^", "x^"),
        ("a b_1", "a b_1"),
        ("", ""),
    ],
)
def test_latex_indices_are_shown_in_unicode_where_it_has_them(label: str, shown: str) -> None:
    assert with_indices(label) == shown


@given(ANY_TEXT)
def test_clean_text_is_what_was_given_without_what_xml_forbids(label: str) -> None:
    cleaned = clean(label)
    assert {unicodedata.category(c) for c in cleaned}.isdisjoint({"Cc", "Cs"})
    kept = [c for c in cleaned if c != " "]
    assert kept == [
        c for c in label if unicodedata.category(c) not in ("Cc", "Cs") and c not in " \ufffe\uffff"
    ]


def test_a_long_label_is_cut_and_says_so() -> None:
    assert clean("x" * 200) == "x" * 200
    assert clean("x" * 20_000) == "x" * 199 + "…"


def test_lines_within_a_label_become_spaces() -> None:
    assert clean("a\nb\tc") == "a b c"


@given(st.lists(ANY_TEXT.map(clean), min_size=1))
def test_a_dot_label_is_always_a_plain_quoted_string(lines: list[str]) -> None:
    quoted = graphviz.quoting.quote(dot_label(lines))
    assert not quoted.startswith("<")
