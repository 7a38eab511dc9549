"""`python -m cutover` and the console script."""

import atexit
import gc
import os
import sys
from typing import NoReturn

from cutover.deferred import defer


def main() -> None:
    """Run the command line; the process ends with the outcome's exit code."""
    # The modules stay loaded until the end (90,000 objects): the collector would scan them again and again.
    gc.set_threshold(200_000, 20, 20)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for plugins takes 10 ms, and none is used
    defer()
    from cutover.cli.main import run  # noqa: PLC0415 -- after the interpreter's own start, nothing else is loaded yet

    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Exit without Python's teardown, which takes a twentieth of a command's time. All threads are daemons."""
    atexit._run_exitfuncs()  # noqa: SLF001 -- there is no other way to them; multiprocessing does the same
    for stream in (sys.stdout, sys.stderr):
        if stream:  # it is None if it was closed before the start
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
