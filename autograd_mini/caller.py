"""Where in the user's code something happens, for messages."""

from __future__ import annotations

import linecache
import os
import re
import sys
from itertools import islice
from pathlib import Path
from types import FrameType

__all__ = ["called_name", "user_line"]

_ROOT = Path(__file__).resolve().parents[1]
_OURS = (f"{_ROOT / 'autograd_mini'}{os.sep}", f"{_ROOT / 'nn'}{os.sep}", "<rules of ")


def user_line() -> str:
    """The innermost line outside this project: file, line number and text."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    if frame is None:
        return "an unknown line"
    path, number = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(path, number).strip()
    return f"{path}:{number}" + (f": {text}" if text else "")


def called_name(frame: FrameType) -> str:
    """The last part of the name that a frame is calling: "exp" in `math.exp(v)`, "" if unclear."""
    positions = frame.f_code.co_positions()
    line, last, start, end = next(islice(positions, frame.f_lasti // 2, None))
    if line is None or start is None or end is None:
        return ""
    text = linecache.getline(frame.f_code.co_filename, line).encode()
    text = text[start : end if last == line else None]
    match = re.match(rb"(?:\w+\.)*(\w+)\(", text)
    return match[1].decode() if match else ""
