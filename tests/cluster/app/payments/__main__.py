"""Container entry point: `python3 -m payments` serves, `python3 -m payments sidecar` only waits."""

import signal
import sys
from types import FrameType


def leave(_signal: int, _frame: FrameType | None) -> None:
    """End at once: nothing is served yet, or nothing ever will be."""
    sys.exit(0)


def main() -> None:
    # Process 1 of a container ignores SIGTERM until it has a handler; loading the server takes a tenth of a second.
    signal.signal(signal.SIGTERM, leave)
    if sys.argv[1:] == ["sidecar"]:
        while True:
            signal.pause()
    from .server import run  # noqa: PLC0415 - only after the handler above stands

    run()


main()
