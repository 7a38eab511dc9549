"""Work in a process of its own, on another core: threads of Python load modules one after the other.

The process is a fork of this one that answers through a pipe and ends. Whatever goes wrong in it is nobody's loss: then
the work is done here, where its error has its words and its exit code.
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
    """The result of a call that is under way from the moment this is made; it changes nothing outside of its process.

    What may not run `twice`, such as reading a pipe to its end, is done here when the result is asked for.
    """

    def __init__(self, call: Callable[[], T], *, twice: bool) -> None:
        self._call = call
        self._children = (_forked(call),) if twice and _may_fork() else ()

    @property
    def under_way(self) -> bool:
        """Whether another process is at work on it, so that this one may do something else."""
        return bool(self._children)

    def result(self) -> T:
        """What the call returned, waiting for it; an error that it raises is raised here."""
        for child in self._children:
            try:
                told: T = child.answer()
            except _NO_ANSWER:
                continue
            return told
        return self._call()


@frozen
class _Child:
    """A process, and the end of the pipe on which it answers."""

    pid: int
    pipe: int

    def answer(self) -> Any:
        with os.fdopen(self.pipe, "rb") as pipe:
            told = pipe.read()
        os.waitpid(self.pid, 0)
        return pickle.loads(told)  # noqa: S301 -- from our own process


def _may_fork() -> bool:
    """With other threads a fork may hold a lock that nobody frees; on one core there is nothing to win."""
    return threading.active_count() == 1 and hasattr(os, "fork") and (os.cpu_count() or 1) > 1


def _forked(call: Callable[[], Any]) -> _Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        _work(call, writing)
    os.close(writing)
    return _Child(pid, reading)


def _work(call: Callable[[], Any], writing: int) -> NoReturn:
    """What the fork does. It says nothing, flushes nothing of its parent's, and leaves errors to it."""
    try:
        told = io.BytesIO()
        _Pickler(told).dump(call())
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(told.getvalue())
    finally:
        os._exit(0)


class _Pickler(pickle.Pickler):
    """Takes sealed values along: the pipe has no name, and ends in this very program."""

    def reducer_override(self, value: Any) -> Any:
        return (SecretText, (value.reveal(),)) if type(value) is SecretText else NotImplemented
