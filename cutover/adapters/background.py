"""Running calls in background threads that never keep the program from ending."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """The result of a call that starts at once in a thread of its own.

    Unlike those of `concurrent.futures`, the thread is a daemon: a read that hangs does not delay the exit.
    """

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._results: list[T] = []
        self._errors: list[BaseException] = []
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self) -> T:
        """Wait for the call, without a time limit, and return its result or raise its error."""
        self._thread.join()
        if self._errors:
            raise self._errors[0]
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:  # noqa: BLE001 -- handed to the thread that asks for the result
            self._errors.append(error)


def together(calls: Sequence[Callable[[], T]], *, at_most: int) -> tuple[T, ...]:
    """Make these calls, so many at once, and return their results in their order; raise what one of them raises."""
    lanes = [Background(partial(_one_by_one, calls[first::at_most])) for first in range(min(at_most, len(calls)))]
    results = [lane.result() for lane in lanes]
    return tuple(results[index % at_most][index // at_most] for index in range(len(calls)))


def _one_by_one(calls: Sequence[Callable[[], T]]) -> list[T]:
    return [call() for call in calls]
