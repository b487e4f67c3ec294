"""LaTeX mathematics as tokens: macros expanded, styles and spacing gone, scripts nested.

A token knows its place in the document. Nothing here knows what a symbol means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import vocabulary as words

__all__ = ["DEEPEST", "Macro", "SyntaxProblem", "Token", "find_macros", "key_of", "tokenize"]

DEEPEST = 60  # levels of braces and parentheses
LONGEST_EXPANSION = 20_000  # tokens


class SyntaxProblem(Exception):  # noqa: N818  # a finding about a document, reported with its place
    """Mathematics that cannot be read, and where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    r"""A word of the language.

    Attributes:
        kind: what it is, as the grammar names it.
        text: what it says, free of style: `\hat{y}`, `x`, `2`, `\cdot`.
        at: where in the document it begins.
        end: where it ends.
        style: "bold", "cal" or "bb" for a letter that is set so.
        inner: the content of a script, or the parts of a command with arguments.
    """

    kind: str
    text: str
    at: int
    end: int
    style: str = ""
    inner: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro:
    """A command that the document or its notation defines."""

    arity: int
    body: str
    default: str | None = None


_RAW = re.compile(
    r"(?P<comment>(?<!\\)%[^\n]*\n?)|(?P<space>\s+)|(?P<command>\\(?:[a-zA-Z]+\*?|.))"
    r"|(?P<dots>\.\.\.)|(?P<digit>\d)|(?P<define>:=|::=)|(?P<char>.)",
    re.DOTALL,
)


def tokenize(text: str, offset: int = 0, macros: Mapping[str, Macro] | None = None) -> list[Token]:
    r"""The tokens of a piece of mathematics.

    Args:
        text: LaTeX, without the delimiters.
        offset: where in the document it begins.
        macros: commands to expand, by name.

    Raises:
        SyntaxProblem: if braces do not balance or a command lacks its argument.

    >>> [token.text for token in tokenize(r"\Large \hat y = \mathbf{w}^T x")]
    ['\\hat{y}', '=', 'w', '^', 'x']
    """
    raw = _expand(_raw(text, offset), dict(macros or {}))
    return _Reader(raw).read(0, None)


def key_of(tokens: Sequence[Token]) -> str:
    """The tokens in one canonical spelling, to compare pieces of mathematics by."""
    return " ".join(
        token.text + (f":{token.style}" if token.style else "")
        if not token.inner
        else f"{token.text}{{{key_of(token.inner)}}}"
        for token in tokens
    )


def _raw(text: str, offset: int) -> list[Token]:
    tokens: list[Token] = []
    for match in _RAW.finditer(text):
        kind = match.lastgroup or ""
        if kind in ("comment", "space"):
            continue
        found = match.group()
        if kind == "command" and found[1] == " ":
            continue
        if found in words.UNICODE:
            at, end = match.start() + offset, match.end() + offset
            parts = _raw(words.UNICODE[found], 0)
            tokens.extend(replace(part, at=at, end=end) for part in parts)
            continue
        if kind == "command" and found.endswith("*") and found[:-1] not in words.STARRED:
            at = match.start() + offset
            tokens.append(Token("command", found[:-1], at, match.end() + offset - 1))
            tokens.append(Token("char", "*", match.end() + offset - 1, match.end() + offset))
            continue
        tokens.append(Token(kind, found, match.start() + offset, match.end() + offset))
    return tokens


_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*(?P<name>\\[a-zA-Z]+)"
    r"\s*\}?\s*(?:\[(?P<arity>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{)"
    r"|\\def\s*(?P<def>\\[a-zA-Z]+)(?P<parameters>(?:#\d)*)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*(?P<operator>\\[a-zA-Z]+)\s*\}?\s*(?=\{)"
)


def find_macros(text: str) -> dict[str, Macro]:
    r"""The commands that a document defines, by name.

    >>> find_macros(r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}")["\\pd"].arity
    2
    """
    macros = {}
    for match in _MACRO.finditer(text):
        body = _braced(text, match.end())
        if body is None:
            continue
        if match["name"]:
            macros[match["name"]] = Macro(int(match["arity"] or 0), body, match["default"])
        elif match["def"]:
            macros[match["def"]] = Macro(len(match["parameters"]) // 2, body)
        else:
            macros[match["operator"]] = Macro(0, rf"\operatorname{{{body}}}")
    return macros


def _braced(text: str, at: int) -> str | None:
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, at):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return text[at + 1 : match.start()]
    return None


def _expand(tokens: list[Token], macros: dict[str, Macro]) -> list[Token]:
    """The tokens with every macro replaced; what a macro gives stands where the macro stood."""
    for name, (arity, body) in words.SHORTHANDS.items():
        macros.setdefault(name, Macro(arity, body))
    done: list[Token] = []
    pending = tokens[::-1]
    budget = len(tokens) + LONGEST_EXPANSION
    while pending:
        token = pending.pop()
        if token.text in _DEFINING and token.kind == "command":
            _skip_definition(token, pending)
            continue
        macro = macros.get(token.text) if token.kind == "command" else None
        if macro is None:
            done.append(token)
            continue
        arguments: list[list[Token]] = []
        end = token.end
        if macro.default is not None:
            if pending and pending[-1].text == "[":
                pending.pop()
                optional: list[Token] = []
                while pending and pending[-1].text != "]":
                    optional.append(pending.pop())
                if pending:
                    end = pending.pop().end
                arguments.append(optional)
            else:
                arguments.append(_raw(macro.default, token.at))
        while len(arguments) < macro.arity:
            argument, end = _argument(pending, token)
            arguments.append(argument)
        inside = [replace(t, at=token.at, end=end) for t in _raw(macro.body, 0)]
        result: list[Token] = []
        skip = False
        for i, word in enumerate(inside):
            if skip:
                skip = False
            elif word.text == "#" and i + 1 < len(inside) and inside[i + 1].kind == "digit":
                number = int(inside[i + 1].text)
                result.extend(arguments[number - 1] if 0 < number <= len(arguments) else [])
                skip = True
            else:
                result.append(word)
        pending.extend(result[::-1])
        budget -= len(result)
        if budget < 0:
            raise SyntaxProblem(f"the macro {token.text} grows without end", token.at)
    return done


_DEFINING = {"\\newcommand", "\\renewcommand", "\\providecommand", "\\def", "\\DeclareMathOperator"}


def _skip_definition(token: Token, pending: list[Token]) -> None:
    while pending and pending[-1].text == "*":
        pending.pop()
    if token.text == "\\def":
        while pending and pending[-1].text != "{":
            pending.pop()
    else:
        _argument(pending, token)
        while pending and pending[-1].text == "[":
            while pending and pending.pop().text != "]":
                pass
    _argument(pending, token)


def _argument(pending: list[Token], command: Token) -> tuple[list[Token], int]:
    """The argument that comes next, off a reversed list, without its braces, and its end."""
    if not pending:
        raise SyntaxProblem(f"{command.text} lacks an argument", command.at)
    first = pending.pop()
    if first.text != "{":
        return [first], first.end
    found: list[Token] = []
    depth = 1
    while pending:
        token = pending.pop()
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            return found, token.end
        found.append(token)
    raise SyntaxProblem("a brace is opened here and closed nowhere", first.at)


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
            inner = tuple(self.group(token))
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
