"""The command `autograd-mini`, also where the packages that it needs are missing."""

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command with the words it was called with, and return its exit status."""
    try:
        from .derivation import cli  # noqa: PLC0415  # it needs an extra
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
