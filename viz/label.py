"""The text in pictures: numbers, names with indices, and what Graphviz would misread.

Whatever it is given, what comes out can be put in a DOT file and in an SVG as plain text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

import graphviz  # type: ignore[import-untyped]  # the package has no annotations

__all__ = [
    "all_digits",
    "clean",
    "dot_label",
    "in_product",
    "number",
    "short_number",
    "subscript",
    "superscript",
    "two_digits",
    "with_indices",
]

LONGEST = 200


def number(x: float) -> str:
    """Four decimals, or as many as make four significant digits; a whole number without them.

    A very small or large number has its exponent.

    >>> [number(x) for x in (1.2, -0.0085078, 3.0, 0.00012345, -math.inf)]
    ['1.2000', '−0.008508', '3', '1.234×10⁻⁴', '−∞']
    """
    if math.isnan(x):
        return "NaN"
    sign, size = "−" if x < 0 else "", abs(x)
    if math.isinf(size):
        return sign + "∞"
    if size == 0.0 or 0.001 <= size < 100_000:
        decimals = 4 if size >= 0.1 else 5 if size >= 0.01 else 6
        return sign + (f"{size:.0f}" if size == int(size) else f"{size:.{decimals}f}")
    mantissa, exponent = f"{size:.3e}".split("e")
    return f"{sign}{mantissa}×10{superscript(str(int(exponent)))}"


def short_number(x: float) -> str:
    """The same without zeros at the end of the decimals, for a label among others.

    >>> [short_number(x) for x in (0.5, -0.10384, 12.0, 1e-7)]
    ['0.5', '−0.1038', '12', '1×10⁻⁷']
    """
    digits, times, power = number(x).partition("×")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + times + power


def two_digits(x: float) -> str:
    """Two significant digits, for a label where nothing longer fits.

    >>> [two_digits(x) for x in (0.03412, -0.5, 1.099e-4, 12345.0)]
    ['0.034', '−0.5', '1.1×10⁻⁴', '1.2×10⁴']
    """
    if not math.isfinite(x):
        return number(x)
    mantissa, exponent = f"{x:.1e}".replace("-", "−", x < 0.0).split("e")
    if -4 < int(exponent) < 3:
        return f"{float(f'{x:.1e}'):.6g}".replace("-", "−")
    return f"{mantissa}×10{superscript(str(int(exponent)))}"


def in_product(x: float) -> str:
    """The number as a factor, in parentheses if it has a sign.

    >>> in_product(0.5), in_product(-0.5)
    ('0.5', '(−0.5)')
    """
    written = short_number(x)
    return f"({written})" if written.startswith("−") else written


def all_digits(x: float) -> str:
    """Every digit, for those who check.

    >>> all_digits(-0.1)
    '−0.1'
    """
    return repr(x).replace("-", "−")


def with_indices(label: str) -> str:
    """A label with LaTeX indices in Unicode, if each of its characters has a raised or lowered one.

    An index that has indices itself stands in parentheses.

    >>> [with_indices(s) for s in ("w^{2}_{11}", "x_1", "I_{O^{2}_{1}}", "x_{max}", "hidden_1")]
    ['w²₁₁', 'x₁', 'I(O²₁)', 'xₘₐₓ', 'hidden_1']
    """
    nested = _NESTED.fullmatch(label)
    if nested is not None and (inner := with_indices(nested[2])) != nested[2]:
        return f"{nested[1]}({inner})"
    match = _INDEXED.fullmatch(label)
    if match is None:
        return label
    written = match["base"]
    for mark, braced, bare in _INDEX.findall(match["indices"]):
        index = (superscript if mark == "^" else subscript)(braced or bare)
        if not index:
            return label
        written += index
    return written


def superscript(text: str) -> str:
    """The text raised, or "" if one of its characters has no raised form.

    >>> superscript("-12")
    '⁻¹²'
    """
    return _mapped(text, _RAISED)


def subscript(text: str) -> str:
    """The text lowered, or "" if one of its characters has no lowered form.

    >>> subscript("12")
    '₁₂'
    """
    return _mapped(text, _LOWERED)


def clean(label: str) -> str:
    r"""The label on one line, without control characters and lone surrogates, and not too long.

    >>> clean("a\x00\x1b\ud800b\nc")
    'ab c'
    """
    kept = [
        " " if character in "\t\n\r" else character
        for character in label
        if character in "\t\n\r"
        or (unicodedata.category(character) not in ("Cc", "Cs") and character not in "\ufffe\uffff")
    ]
    return "".join(kept) if len(kept) <= LONGEST else "".join(kept[: LONGEST - 1]) + "…"


def dot_label(lines: Iterable[str]) -> str:
    r"""Lines of clean text as a DOT label that shows every character as it is.

    Backslashes and ampersands start escapes in DOT, and <…> an HTML label.

    >>> print(dot_label(["a&b", r"\N"]))
    a&amp;b\n\\N
    """
    escaped = [graphviz.escape(line.replace("&", "&amp;")) for line in lines]
    label: str = graphviz.nohtml(r"\n".join(escaped))
    return label


def _mapped(text: str, table: Mapping[str, str]) -> str:
    return "".join([table[c] for c in text]) if all(c in table for c in text) else ""


# A name and its indices; one without braces only after a single letter: log_p is just a name.
_INDEXED = re.compile(
    r"(?P<base>[^\W\d_]|[^\W\d_]+(?=[_^]\{))(?P<indices>(?:[_^](?:\{[^{}]+\}|[^\W_]))+)"
)
_NESTED = re.compile(r"([^\W\d_]+)_\{([^\W\d_][_^].+)\}")
_INDEX = re.compile(r"([_^])(?:\{([^{}]+)\}|(\w))")
_RAISED = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzLT",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᵀ",
        strict=True,
    )
)
_LOWERED = dict(
    zip("0123456789+-−=(),aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎,ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
