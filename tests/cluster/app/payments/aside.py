"""Work in a thread of its own: for calls that know no time limit, or one for each of their steps only."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> "Future[Result]":
    """Begin it. Who waits for its `result(timeout)` no longer leaves it to end by itself; no drain waits for it."""
    future: Future[Result] = Future()

    def carry_out() -> None:
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)

    threading.Thread(target=carry_out, daemon=True).start()
    return future
