"""Symbols with indices: how an occurrence such as w^{2}_{jk} meets a key such as w^{L}_{ij}.

It finds which key a symbol belongs to, what its indices are, and what is left over (a power, a
transpose, an entry). What the symbol is worth is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd_mini.derivation.reading.latex import tokenize
from autograd_mini.derivation.reading.tokens import SyntaxProblem, Token
from autograd_mini.derivation.reading.trees import Name

from .indices import TRANSPOSITIONS, Index, is_letter, read_index, read_indices

__all__ = ["Key", "Match", "index_letters", "match_name", "read_key"]


@dataclass(frozen=True, slots=True)
class Key:
    """What a notation calls something.

    Attributes:
        text: as it was written.
        name: the letter, word or accented letter.
        style: "bold", "cal", "bb" or "".
        primes: how many primes.
        sub: the subscript, None for none; a slot is a token of kind SLOT.
        sup: the superscript.
        slots: the letters of the slots, in the order in which they are written.
    """

    text: str
    name: str
    style: str
    primes: int
    sub: tuple[Token, ...] | None
    sup: tuple[Token, ...] | None
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A symbol that was recognised.

    Attributes:
        key: its key.
        slots: the index in each slot.
        entries: further indices, of an entry of what the key stands for.
        sups: superscripts that are left over.
        transposed: whether a transposition was among them.
    """

    key: Key
    slots: tuple[Index, ...]
    entries: tuple[Index, ...]
    sups: tuple[tuple[Token, ...], ...]
    transposed: bool


def read_key(text: str, slots: str | None, depth: int) -> Key:
    r"""A key of a notation.

    Args:
        text: LaTeX, such as `w^{L}_{ij}`.
        slots: the letters that stand for indices; None for the last `depth` letters.
        depth: how many indices what it stands for has.

    Raises:
        ValueError: if it is no symbol, or has too few letters.

    >>> read_key("w^{L}_{ij}", None, 3).slots
    ('L', 'i', 'j')
    """
    try:
        tokens = tokenize(text)
    except SyntaxProblem as problem:
        raise ValueError(f"the key {text!r} is no symbol: {problem.message}") from None
    names = [token for token in tokens if token.kind == "NAME"]
    scripts = [token for token in tokens if token.kind in ("SUB", "SUP")]
    primes = sum(token.kind == "PRIME" for token in tokens)
    if not names or len(names) + len(scripts) + primes != len(tokens):
        if len(tokens) == 1 and tokens[0].kind in ("NABLA", "NUMBER"):
            names = tokens
        else:
            raise ValueError(
                f"the key {text!r} is no symbol: write one letter, command or word with its "
                r"indices, such as w^{L}_{ij}, \hat{y} or target"
            )
    name = "".join(token.text for token in names)
    letters = _script_letters(scripts)
    wanted = tuple(slots) if slots is not None else tuple(letters[len(letters) - depth :])
    if len(wanted) != depth or any(letter not in letters for letter in wanted):
        raise ValueError(
            f"the key {text!r} has the letters {' '.join(letters) or 'none'} for {depth} indices: "
            "write one letter for each index"
        )
    ordered = tuple(sorted(wanted, key=letters.index))
    found: dict[str, tuple[Token, ...] | None] = {"SUB": None, "SUP": None}
    for script in scripts:
        pattern = tuple(_pattern(script.inner, set(wanted)))
        found[script.kind] = (found[script.kind] or ()) + pattern
    return Key(text, name, names[0].style, primes, found["SUB"], found["SUP"], ordered)


def index_letters(text: str) -> int:
    """How many letters the scripts of a key have, 0 if it is none."""
    try:
        return len(_script_letters(tokenize(text)))
    except SyntaxProblem:
        return 0


def _script_letters(tokens: Sequence[Token]) -> list[str]:
    scripts = [token for token in tokens if token.kind in ("SUB", "SUP")]
    return [
        t.text for s in scripts for t in _flat(s.inner) if t.kind == "NAME" and is_letter(t.text)
    ]


def match_name(name: Name, keys: Sequence[Key]) -> Match | None:
    """The key that a symbol belongs to: the one that accounts for most of what is written."""
    candidates = [key for key in keys if key.style == name.style]
    found = _best(name, candidates)
    return found or _best(name, [key for key in keys if key.style != name.style])


def _best(name: Name, keys: Sequence[Key]) -> Match | None:
    found: list[tuple[int, Match]] = []
    for key in keys:
        if key.name != name.text or key.primes > name.scripts.primes:
            continue
        matched = _match(name, key)
        if matched is not None:
            # A key whose scripts are fixed says more than one with slots, or with entries: u_{10}
            # is not the entry 0 of u_{1}.
            weight = 2 * ((key.sub is not None) + (key.sup is not None)) + key.primes
            found.append((10 * weight - len(key.slots) - len(matched.entries), matched))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _match(name: Name, key: Key) -> Match | None:
    sups = list(name.scripts.sups)
    if key.primes != name.scripts.primes and key.primes:
        return None
    bindings: dict[str, Index] = {}
    transposed = False
    if key.sup is not None:
        if not sups:
            return None
        first, sups = list(_flat(sups[0])), sups[1:]
        if len(first) == 1 and first[0].text in TRANSPOSITIONS and key.sup[0].kind == "SLOT":
            return None
        matched = next(_matches(key.sup, first, {}), None)
        if matched is None:
            first, transposed = _without_transposition(first)
            matched = next(_matches(key.sup, first, {}), None) if transposed else None
        if matched is None:
            return None
        bindings |= matched
    entries: tuple[Index, ...] = ()
    sub = None if name.scripts.sub is None else list(_flat(name.scripts.sub))
    if key.sub is not None:
        if sub is None:
            return None
        matched = next(_matches(key.sub, sub, {}), None)
        if matched is None:
            matched, entries = _with_entries(key.sub, sub)
        if matched is None:
            return None
        bindings |= matched
    elif sub is not None:
        indices = read_indices(sub)
        if indices is None:
            return None
        entries = indices
    return Match(key, tuple(bindings[s] for s in key.slots), entries, tuple(sups), transposed)


def _with_entries(
    pattern: tuple[Token, ...], sub: list[Token]
) -> tuple[dict[str, Index] | None, tuple[Index, ...]]:
    """The pattern at the beginning of a subscript, and indices of an entry after it."""
    for cut in range(len(sub) - 1, 0, -1):
        matched = next(_matches(pattern, sub[:cut], {}), None)
        rest = sub[cut + 1 :] if sub[cut].kind == "COMMA" else sub[cut:]
        indices = read_indices(rest) if matched is not None and rest else None
        if matched is not None and indices is not None:
            return matched, indices
    return None, ()


def _matches(
    pattern: Sequence[Token], tokens: Sequence[Token], bound: dict[str, Index]
) -> Iterator[dict[str, Index]]:
    if not pattern:
        if not tokens:
            yield bound
        return
    if not tokens:
        return
    first = pattern[0]
    if first.kind != "SLOT":
        if first.kind == tokens[0].kind and first.text == tokens[0].text:
            yield from _matches(pattern[1:], tokens[1:], bound)
        elif first.kind == "COMMA":
            yield from _matches(pattern[1:], tokens, bound)
        return
    if tokens[0].kind == "COMMA":
        yield from _matches(pattern, tokens[1:], bound)
        return
    lengths = range(1, len(tokens) + 1)
    for length in lengths if len(pattern) > 1 else reversed(lengths):
        index = read_index(tokens[:length])
        if index is not None and bound.get(first.text, index) == index:
            yield from _matches(pattern[1:], tokens[length:], bound | {first.text: index})


def _pattern(tokens: Sequence[Token], slots: set[str]) -> Iterator[Token]:
    for token in _flat(tokens):
        if token.kind == "NAME" and token.text in slots:
            yield Token("SLOT", token.text, token.at, token.end)
        else:
            yield token


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with nested scripts in line, superscripts first, braces gone."""
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind in ("SUB", "SUP"):
            following = []
            while i < len(tokens) and tokens[i].kind in ("SUB", "SUP"):
                following.append(tokens[i])
                i += 1
            for script in sorted(following, key=lambda t: t.kind == "SUB"):
                yield Token(script.kind, script.text, script.at, script.end)
                yield from _flat(script.inner)
            continue
        if token.kind not in ("LBRACE", "RBRACE"):
            yield token
        i += 1


def _without_transposition(tokens: list[Token]) -> tuple[list[Token], bool]:
    if tokens and tokens[-1].text in TRANSPOSITIONS:
        cut = -2 if len(tokens) > 1 and tokens[-2].kind in ("SUP", "COMMA") else -1
        return tokens[:cut], True
    return tokens, False
