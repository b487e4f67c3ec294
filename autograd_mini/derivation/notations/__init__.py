"""Notations that ship with the project: `--notation two_two_one` finds them by name."""
