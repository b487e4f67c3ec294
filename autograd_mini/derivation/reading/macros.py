"""Macros: the commands that a document defines, found and put in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from . import vocabulary as words
from .tokens import SyntaxProblem, Token, raw_tokens

__all__ = ["Macro", "expand", "find_macros"]


@dataclass(frozen=True, slots=True)
class Macro:
    """A command that the document or its notation defines."""

    arity: int
    body: str
    default: str | None = None


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


def expand(tokens: list[Token], macros: dict[str, Macro]) -> list[Token]:
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
                arguments.append(raw_tokens(macro.default, token.at))
        while len(arguments) < macro.arity:
            argument, end = _argument(pending, token)
            arguments.append(argument)
        inside = [replace(t, at=token.at, end=end) for t in raw_tokens(macro.body, 0)]
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


def _braced(text: str, at: int) -> str | None:
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, at):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return text[at + 1 : match.start()]
    return None


LONGEST_EXPANSION = 20_000  # tokens


_DEFINING = {"\\newcommand", "\\renewcommand", "\\providecommand", "\\def", "\\DeclareMathOperator"}


_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*(?P<name>\\[a-zA-Z]+)"
    r"\s*\}?\s*(?:\[(?P<arity>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{)"
    r"|\\def\s*(?P<def>\\[a-zA-Z]+)(?P<parameters>(?:#\d)*)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*(?P<operator>\\[a-zA-Z]+)\s*\}?\s*(?=\{)"
)
