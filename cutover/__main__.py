"""`python -m cutover` and the console script."""

import sys


def main() -> None:
    """Run the command line; the process ends with the outcome's exit code."""
    from cutover.cli.main import run  # noqa: PLC0415 -- after the interpreter's own start, nothing else is loaded yet

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
