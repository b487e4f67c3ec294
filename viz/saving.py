"""Files that are written whole or not at all, of the kind that their name says."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["save"]


def save(path: str | os.PathLike[str], makers: Mapping[str, Callable[[], bytes]]) -> Path:
    """Write to a file what the maker for its ending makes, and return its path.

    Raises:
        ValueError: if there is no maker for the ending.
        FileNotFoundError: if the folder does not exist.
    """
    target = Path(path)
    make = makers.get(target.suffix.lower())
    if make is None:
        *endings, last = makers
        either = f"{', '.join(endings)} or {last}" if endings else last
        raise ValueError(
            f"{target.name!r} does not say which kind of file to write: end it in {either}"
        )
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"the folder {str(target.parent)!r} does not exist: make it first, with "
            "Path(…).mkdir(parents=True)"
        )
    content = make()
    # Written beside the target and then moved, so that a reader never meets half a file.
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        return temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
