"""LaTeX mathematics as tokens: macros expanded, styles and spacing gone, scripts nested.

Nothing here knows what a symbol means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from . import vocabulary as words
from .macros import Macro, expand
from .tokens import DEEPEST, SyntaxProblem, Token, raw_tokens

__all__ = ["tokenize"]

LONGEST = 50_000  # signs of a formula


def tokenize(text: str, offset: int = 0, macros: Mapping[str, Macro] | None = None) -> list[Token]:
    r"""The tokens of a piece of mathematics.

    Args:
        text: LaTeX, without the delimiters.
        offset: where in the document it begins.
        macros: commands to expand, by name.

    Raises:
        SyntaxProblem: if braces do not balance, a command lacks its argument, or it is too long.

    >>> [token.text for token in tokenize(r"\Large \hat y = \mathbf{w}^T x")]
    ['\\hat{y}', '=', 'w', '^', 'x']
    """
    raw = expand(raw_tokens(text, offset), dict(macros or {}))
    if len(raw) > LONGEST:
        raise SyntaxProblem(f"a formula of {len(raw):,} signs is too long to be read", offset)
    return _Reader(raw).read(0, None)


class _Reader:
    """Raw tokens to tokens; `read` gives those up to a closing text."""

    def __init__(self, raw: list[Token]) -> None:
        self.raw = raw
        self.at = 0
        self.depth = 0

    def read(self, start: int, closing: str | None, opener: Token | None = None) -> list[Token]:
        out: list[Token] = []
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxProblem(
                f"braces are nested more than {DEEPEST} deep",
                self.raw[min(start, len(self.raw) - 1)].at,
            )
        while self.at < len(self.raw):
            token = self.raw[self.at]
            self.at += 1
            if token.text == closing:
                self.depth -= 1
                return out
            if token.text == "}":
                raise SyntaxProblem("a brace is closed here that was not opened", token.at)
            self._one(token, out)
        if closing is not None and opener is not None:
            raise SyntaxProblem("a brace is opened here and closed nowhere", opener.at)
        self.depth -= 1
        return out

    def group(self, command: Token) -> list[Token]:
        """The argument that comes next."""
        if self.at >= len(self.raw):
            raise SyntaxProblem(f"{command.text} lacks an argument", command.at)
        token = self.raw[self.at]
        self.at += 1
        if token.text == "{":
            return self.read(self.at, "}", token)
        if token.text == "}":
            raise SyntaxProblem(f"{command.text} lacks an argument", command.at)
        out: list[Token] = []
        self._one(token, out)
        return out

    def source(self) -> str:
        """The argument that comes next as bare text: a label, a name of an environment, prose."""
        if self.at >= len(self.raw) or self.raw[self.at].text != "{":
            return ""
        depth, first = 0, self.at
        while self.at < len(self.raw):
            text = self.raw[self.at].text
            self.at += 1
            depth += {"{": 1, "}": -1}.get(text, 0)
            if depth == 0:
                break
        parts: list[str] = []
        last: Token | None = None
        for token in self.raw[first + 1 : self.at - 1]:
            if last is not None and token.at > last.end:
                parts.append(" ")
            parts.append(token.text)
            last = token
        return "".join(parts)

    def _one(self, token: Token, out: list[Token]) -> None:
        text = token.text
        if text in ("^", "_"):
            if text == "^" and self.at < len(self.raw) and self.raw[self.at].text == "\\circ":
                pass
            inner = _with_primes(self.group(token))
            end = self.raw[self.at - 1].end
            if text == "^" and inner and all(t.kind == "PRIME" for t in inner):
                out.extend(inner)
            else:
                out.append(Token("SUP" if text == "^" else "SUB", text, token.at, end, "", inner))
        elif text == "{":
            inner_tokens = self.read(self.at, "}", token)
            self._braces(token, inner_tokens, out)
        elif token.kind == "command":
            self._command(token, out)
        elif token.kind == "digit":
            out.append(replace(token, kind="NUMBER"))
        elif token.kind == "dots":
            out.append(replace(token, kind="DOTS"))
        elif token.kind == "define":
            out.append(replace(token, kind="RELATION", text=":="))
        elif text.isalpha():
            out.append(replace(token, kind="NAME"))
        else:
            kind = words.CHARACTERS.get(text, "UNKNOWN")
            if kind:
                out.append(replace(token, kind=kind))

    def _braces(self, opener: Token, inner: list[Token], out: list[Token]) -> None:
        """{x} is x; {a + b} is a group; {x^2}^T keeps its scripts apart from those that follow."""
        follows = self.raw[self.at].text if self.at < len(self.raw) else ""
        plain = len(inner) == 1 or follows not in ("^", "_", "'", "\\prime")
        if plain or any(t.kind in ("RELATION", "OTHER", "AMP", "ROW") for t in inner):
            out.extend(inner)
        else:
            end = self.raw[self.at - 1].end
            out.append(Token("LBRACE", "{", opener.at, opener.at + 1))
            out.extend(inner)
            out.append(Token("RBRACE", "}", end - 1, end))

    def _command(self, token: Token, out: list[Token]) -> None:
        text = token.text
        if text in words.DROPPED:
            if text in ("\\left", "\\right") and self.at < len(self.raw):
                following = self.raw[self.at]
                if following.text == ".":
                    self.at += 1
                elif following.text == "|":
                    self.at += 1
                    kind = "LBAR" if text == "\\left" else "RBAR"
                    out.append(replace(following, kind=kind))
                elif following.text in ("\\|", "\\Vert"):
                    self.at += 1
                    kind = "LNORM" if text == "\\left" else "RNORM"
                    out.append(replace(following, kind=kind))
        elif text in words.DROPPED_WITH_ARGUMENT:
            for _ in range(words.DROPPED_WITH_ARGUMENT[text]):
                self.source()
        elif text in words.TRANSPARENT:
            for _ in range(words.TRANSPARENT[text]):
                self.source()
            out.extend(self.group(token))
            if "brace" in text and self.at < len(self.raw) and self.raw[self.at].text in "_^":
                self.at += 1
                self.group(token)
        elif text in words.STYLES:
            self._styled(token, out)
        elif text in words.ACCENTS:
            self._accented(token, out)
        elif text in words.TEXTS:
            self._text(token, out)
        elif text in ("\\frac", "\\sqrt"):
            self._with_arguments(token, out)
        elif text in ("\\begin", "\\end"):
            name = self.source()
            if name.rstrip("*") in words.MATRICES:
                if name == "array" and text == "\\begin":
                    self.source()
                kind = "BEGIN" if text == "\\begin" else "END"
                end = self.raw[self.at - 1].end
                out.append(Token(kind, name.rstrip("*"), token.at, end))
            elif name.startswith(("alignat", "alignedat")) and text == "\\begin":
                self.source()
        elif text in ("\\overset", "\\stackrel", "\\underset"):
            above, base = self.group(token), self.group(token)
            defines = "".join(t.text for t in above).lower().startswith(("def", "\\triangle", "!"))
            for part in base:
                is_definition = defines and part.kind == "RELATION"
                out.append(replace(part, text="\\equiv") if is_definition else part)
        elif text == "\\not":
            out.extend(replace(t, kind="OTHER", text="\\neq") for t in self.group(token))
        elif text == "\\\\":
            if self.at < len(self.raw) and self.raw[self.at].text == "[":  # \\[2pt]
                closing = next(
                    (i for i in range(self.at, min(self.at + 8, len(self.raw)))
                     if self.raw[i].text == "]"),
                    None,
                )  # fmt: skip
                space = "".join(t.text for t in self.raw[self.at + 1 : closing])
                if closing is not None and re.fullmatch(r"-?[\d.]*(pt|em|ex|mm|cm|in)", space):
                    self.at = closing + 1
            out.append(replace(token, kind="ROW"))
        else:
            out.append(replace(token, kind=words.COMMANDS.get(text, "NAME")))

    def _styled(self, token: Token, out: list[Token]) -> None:
        style = words.STYLES[token.text]
        inner = self.group(token)
        end = self.raw[self.at - 1].end
        text = "".join(t.text for t in inner)
        if style == "bb" and text in ("1", "I"):
            out.append(Token("NAME", "\\mathbb{1}", token.at, end))
        elif text == "1" and style == "bold":
            out.append(Token("NAME", "\\mathbf{1}", token.at, end))
        elif style == "" and len(inner) > 1 and all(t.kind == "NAME" for t in inner):
            is_word = all(len(t.text) == 1 for t in inner)
            if is_word:
                out.append(Token("NAME", text, token.at, end))
            else:
                out.extend(inner)
        elif len(inner) == 1:
            out.append(replace(inner[0], at=token.at, end=end, style=style))
        else:
            out.extend(replace(t, style=style) if t.kind == "NAME" else t for t in inner)

    def _accented(self, token: Token, out: list[Token]) -> None:
        inner = self.group(token)
        end = self.raw[self.at - 1].end
        if not inner or any(t.kind not in ("NAME", "NUMBER") for t in inner[:1]):
            raise SyntaxProblem(f"{token.text} stands over something other than a symbol", token.at)
        base, *scripts = inner
        if any(t.kind not in ("SUP", "SUB", "PRIME") for t in scripts):
            text = "".join(t.text for t in inner)
            base, scripts = Token("NAME", text, token.at, end), []
        accent = words.ACCENTS[token.text]
        out.append(Token("NAME", f"{accent}{{{base.text}}}", token.at, end, base.style))
        out.extend(scripts)

    def _text(self, token: Token, out: list[Token]) -> None:
        at = self.at
        text = self.source()
        if not text:
            self.at = at
            text = "".join(t.text for t in self.group(token))
        end = self.raw[self.at - 1].end
        word = text.strip()
        if "$" in word:  # words with mathematics in them
            for number, part in enumerate(word.split("$")):
                if number % 2:
                    out.extend(replace(t, at=token.at, end=end) for t in tokenize(part))
                elif part.strip():
                    out.append(Token("TEXT", part.strip(), token.at, end))
            return
        if word in ("x", "×"):
            out.append(Token("NAME", word, token.at, end, "text"))
        elif re.fullmatch(r"[^\W\d_]+(?:[-_]?\w+)*", word) and word.lower() not in words.PROSE:
            out.append(Token("NAME", word, token.at, end))
        elif word:
            out.append(Token("TEXT", word, token.at, end))

    def _with_arguments(self, token: Token, out: list[Token]) -> None:
        out.append(replace(token, kind="FRAC" if token.text == "\\frac" else "SQRT"))
        follows = self.raw[self.at].text if self.at < len(self.raw) else ""
        if token.text == "\\sqrt" and follows == "[":
            opener = self.raw[self.at]
            self.at += 1
            degree = tuple(self.read(self.at, "]", opener))
            out.append(Token("DEGREE", "", opener.at, self.raw[self.at - 1].end, "", degree))
        for _ in range(2 if token.text == "\\frac" else 1):
            before = self.raw[self.at].at if self.at < len(self.raw) else token.end
            inner = self.group(token)
            end = self.raw[self.at - 1].end
            out.append(Token("LBRACE", "{", before, before + 1))
            out.extend(inner)
            out.append(Token("RBRACE", "}", end - 1, end))


def _with_primes(script: list[Token]) -> tuple[Token, ...]:
    """A script in which i′ is one letter."""
    out: list[Token] = []
    for token in script:
        if token.kind == "PRIME" and out and out[-1].kind == "NAME":
            out[-1] = replace(out[-1], text=out[-1].text + "'", end=token.end)
        else:
            out.append(token)
    return tuple(out)
