"""Running a call in a forked process, on another core: in one process, Python's threads load modules one at a time.

The fork sends its result through a pipe and ends. If anything goes wrong in it, the call runs again in this process,
where an error gets its message and its exit code.
"""

import io
import os
import pickle
import threading
from collections.abc import Callable
from typing import Any, Final, Generic, NoReturn, TypeVar

from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText

T = TypeVar("T")

_NO_ANSWER: Final = (OSError, EOFError, pickle.UnpicklingError)


class ForkedWork(Generic[T]):
    """The result of a call that starts at once in a fork; the call may change nothing outside of its process.

    A call that may not run `twice`, such as one that reads a pipe to its end, runs here when `result` is called.
    """

    def __init__(self, call: Callable[[], T], *, twice: bool) -> None:
        self._call = call
        self._children = (_forked(call),) if twice and _may_fork() else ()

    @property
    def under_way(self) -> bool:
        """Whether a forked process does the work, so that this one can do something else until `result` is called."""
        return bool(self._children)

    def result(self) -> T:
        """Wait for the call and return its result; an error that it raises is raised here."""
        for child in self._children:
            try:
                result: T = child.answer()
            except _NO_ANSWER:
                continue
            return result
        return self._call()


@frozen
class _Child:
    """A forked process, and the end of the pipe from which its answer is read."""

    pid: int
    pipe: int

    def answer(self) -> Any:
        with os.fdopen(self.pipe, "rb") as pipe:
            pickled = pipe.read()
        os.waitpid(self.pid, 0)
        return pickle.loads(pickled)  # noqa: S301 -- from our own process


def _may_fork() -> bool:
    """Whether a fork is safe and useful: beside threads it may inherit a held lock, on one core it gains nothing."""
    return threading.active_count() == 1 and hasattr(os, "fork") and (os.cpu_count() or 1) > 1


def _forked(call: Callable[[], Any]) -> _Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        _work(call, writing)
    os.close(writing)
    return _Child(pid, reading)


def _work(call: Callable[[], Any], writing: int) -> NoReturn:
    """Run the call in the fork and send its result; print nothing, flush none of the parent's buffers, drop errors."""
    try:
        pickled = io.BytesIO()
        _Pickler(pickled).dump(call())
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickled.getvalue())
    finally:
        os._exit(0)


class _Pickler(pickle.Pickler):
    """Pickles sealed values, too: the pipe has no name, and only this program reads it."""

    def reducer_override(self, value: Any) -> Any:
        return (SecretText, (value.reveal(),)) if type(value) is SecretText else NotImplemented
