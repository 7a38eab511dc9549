"""`python -m cutover` and the console script."""

import atexit
import gc
import os
import sys
from typing import NoReturn

from cutover.deferred import defer


def main() -> None:
    """Run the command line; the process ends with the outcome's exit code."""
    # What is loaded stays until the end (90,000 objects): the collector would walk over all of it again and again.
    gc.set_threshold(200_000, 20, 20)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # to look for them takes 10 ms, and none is wanted
    defer()
    from cutover.cli.main import run  # noqa: PLC0415 -- after the interpreter's own start, nothing else is loaded yet

    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """End as Python does, but take nothing apart, which is a twentieth of a command. All threads are daemons."""
    atexit._run_exitfuncs()  # noqa: SLF001 -- there is no other way to them; multiprocessing does the same
    for stream in (sys.stdout, sys.stderr):
        if stream:  # there is none where it was closed before the start
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
