"""What stands in brackets: rows and columns, matrices with dots, cases, indicators."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_mini.derivation.reading import trees as s
from autograd_mini.derivation.reading.syntax import parse
from autograd_mini.derivation.reading.tokens import Token

from . import nodes as m
from .ellipsis import generalise
from .protocol import Items, Resolving

__all__ = ["group", "indicator", "is_indicator", "matrix"]


def group(resolver: Resolving, node: s.Group) -> m.Meaning:
    """What (…), […] or ⟨…⟩ is: a group, a column, a row or a scalar product."""
    relation = node.items[0]
    if len(node.items) == 1 and not relation.signs:
        return resolver.resolve(relation.operands[0])
    operands: list[s.Node | None] = [item.operands[0] for item in node.items if not item.signs]
    if any(isinstance(o, s.Dots) for o in operands) and len(operands) == len(node.items):
        cells = [operands] if node.opening == "[" else [[o] for o in operands]
        return _pattern(
            resolver, node, cells, [[isinstance(c, s.Dots) for c in row] for row in cells]
        )
    if node.opening == "\\langle" and len(operands) == len(node.items) == 2:
        left, right = [resolver.resolve(o) for o in operands if o is not None]
        turned = m.Transposed(left.at, left.end, left)
        return m.Mul(node.at, node.end, (("", turned), ("", right)))
    is_list = not any(item.signs for item in node.items)
    if node.opening == "[" and is_list:
        row = tuple([resolver.resolve(item.operands[0]) for item in node.items])
        return m.Grid(node.at, node.end, (row,))
    if node.opening == "(" and is_list:
        column = tuple([(resolver.resolve(item.operands[0]),) for item in node.items])
        return m.Grid(node.at, node.end, column)
    raise m.Unresolved("what stands in these brackets is not understood", node.at)


def is_indicator(resolver: Resolving, node: s.Name) -> bool:
    """Whether a symbol is the sign of an indicator, or the vector of ones."""
    return node.text in ("\\mathbb{1}", "\\mathbf{1}") and not resolver.symbols.knows(node.text)


def indicator(resolver: Resolving, node: s.Name, items: Items, i: int) -> tuple[m.Meaning, int]:
    """An indicator with its conditions, and the place after them."""
    if any(t.kind in ("RELATION", "OTHER") for t in node.scripts.sub or ()):
        tokens = [
            t for t in node.scripts.sub or () if t.text not in ("\\{", "\\}", "[", "]", "(", ")")
        ]
        return m.Indicator(node.at, node.end, resolver.conditions([_relation(tokens)])), i + 1
    following = items[i + 1][1] if i + 1 < len(items) else None
    if isinstance(following, s.Group) and any(item.signs for item in following.items):
        found = m.Indicator(node.at, following.end, resolver.conditions(following.items))
        return found, i + 2
    return resolver.unknown(node), i + 1


def matrix(resolver: Resolving, node: s.Matrix) -> m.Meaning:
    """A matrix, with or without dots; cases; a determinant between bars."""
    if node.kind in ("cases", "dcases", "rcases"):
        return _cases(resolver, node)
    rows = [list(row) for row in node.rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    rows = [row + [()] * (width - len(row)) for row in rows]
    kept = [j for j in range(width) if any(row[j] for row in rows)]
    rows = [[row[j] for j in kept] for row in rows]
    if not rows or any(
        len(cell) > 1 or (cell and isinstance(cell[0], str)) for row in rows for cell in row
    ):
        raise m.Unresolved("a cell of this matrix is not understood", node.at)
    for row in rows:
        for cell in row:
            if cell and cell[0].signs:
                raise m.Unresolved("a cell of this matrix holds a relation", node.at)
    cells = [[cell[0].operands[0] if cell else None for cell in row] for row in rows]
    is_dots = [[isinstance(cell, s.Dots) for cell in row] for row in cells]
    if any(any(row) for row in is_dots):
        return _pattern(resolver, node, cells, is_dots)
    if any(cell is None for row in cells for cell in row):
        raise m.Unresolved("this matrix has an empty cell", node.at)
    grid = m.Grid(
        node.at, node.end, tuple(tuple([resolver.resolve(c) for c in row if c]) for row in cells)
    )
    if node.kind == "vmatrix":
        return m.Apply(node.at, node.end, "\\det", 0, (grid,), known=True)
    return grid


def _pattern(
    resolver: Resolving, node: s.Node, cells: list[list[s.Node | None]], is_dots: list[list[bool]]
) -> m.Meaning:
    dotted_rows = [i for i, row in enumerate(is_dots) if all(row) and len(cells) > 1]
    dotted_columns = [
        j for j in range(len(cells[0])) if all(row[j] for row in is_dots) and len(cells[0]) > 1
    ]
    rows = [i for i in range(len(cells)) if i not in dotted_rows]
    columns = [j for j in range(len(cells[0])) if j not in dotted_columns]
    written = [[cells[i][j] for j in columns] for i in rows]
    if any(cell is None or isinstance(cell, s.Dots) for row in written for cell in row):
        raise m.Unresolved("the dots in this matrix follow no pattern", node.at)
    if any(d != len(cells) - 2 for d in dotted_rows) or any(
        d != len(cells[0]) - 2 for d in dotted_columns
    ):
        raise m.Unresolved("dots in a matrix stand before its last row or column", node.at)
    resolver.depth += 1
    grid = [[resolver.resolve(cell) for cell in row if cell is not None] for row in written]
    resolver.depth -= 1
    row_letter, column_letter = f"#row{resolver.depth}", f"#column{resolver.depth}"
    row_range = column_range = None
    corners = [grid[0][0], grid[0][-1]]
    if dotted_rows:
        found = [generalise(grid[0][j], grid[-1][j], row_letter) for j in (0, -1)]
        if found[0] is None or found[1] is None:
            raise m.Unresolved("the rows around the dots follow no common pattern", node.at)
        corners = [found[0][0], found[1][0]]
        row_range = found[0][1:]
    rule = corners[0]
    if dotted_columns:
        across = generalise(corners[0], corners[1], column_letter)
        if across is None:
            raise m.Unresolved("the columns around the dots follow no common pattern", node.at)
        rule, *ends = across
        column_range = (ends[0], ends[1])
    return m.Pattern(
        node.at, node.end, tuple(tuple(row) for row in grid), rule,
        row_range and (row_letter, *row_range), column_range and (column_letter, *column_range),
    )  # fmt: skip


def _cases(resolver: Resolving, node: s.Matrix) -> m.Meaning:
    branches = []
    for row in node.rows:
        if not any(row):
            continue
        parts = [part for cell in row for part in cell]
        values = [p for p in parts if isinstance(p, s.Relation)]
        if not values or values[0].signs or len(values) > 2:
            raise m.Unresolved("a case is not understood", node.at)
        value = resolver.resolve(values[0].operands[0])
        if len(values) == 2 and not values[1].signs:
            raise m.Unresolved("the condition of a case is not understood", node.at)
        conditions = resolver.conditions(values[1:])
        branches.append((value, conditions))
    return m.Cases(node.at, node.end, tuple(branches))


def _relation(tokens: Sequence[Token]) -> s.Relation:
    operands: list[s.Node] = []
    signs: list[str] = []
    part: list[Token] = []
    for token in tokens:
        if token.kind in ("RELATION", "OTHER"):
            operands.append(parse(part))
            signs.append(token.text)
            part = []
        else:
            part.append(token)
    operands.append(parse(part))
    return s.Relation(tuple(operands), tuple(signs))
