"""`python -m cutover` and the console script."""

import gc
import sys


def main() -> None:
    """Run the command line; the process ends with the outcome's exit code."""
    # What is loaded stays until the end: the collector would walk over all of it again and again.
    gc.set_threshold(50_000, 20, 20)
    from cutover.cli.main import run  # noqa: PLC0415 -- after the interpreter's own start, nothing else is loaded yet

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
