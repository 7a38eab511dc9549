"""The record of a run: redacts every fact and gives it its time before anybody else sees it."""

from collections.abc import Callable
from dataclasses import fields, replace
from enum import Enum
from threading import Lock
from typing import Any

from cutover.core.base.instants import Instant
from cutover.core.base.redaction import Redactor
from cutover.core.engine.facts import Fact, RecordedFact

Listener = Callable[[RecordedFact], None]


class Record:
    """The redacted facts of a run in their order, with their times; several threads may add to it."""

    def __init__(
        self, redactor: Redactor, clock: Callable[[], Instant], began: Instant, listeners: tuple[Listener, ...] = ()
    ) -> None:
        self._redactor = redactor
        self._clock = clock
        self._listeners = listeners
        self._facts: list[RecordedFact] = []
        self._lock = Lock()
        self._began = began

    @property
    def facts(self) -> tuple[RecordedFact, ...]:
        """Return a copy of all facts so far."""
        return tuple(self._facts)

    @property
    def began(self) -> float:
        """When the record was begun, in seconds since the epoch."""
        return self._began.utc

    def listen(self, listener: Listener) -> None:
        """Call the listener for every fact so far, then for each new one."""
        with self._lock:
            for recorded in self._facts:
                listener(recorded)
            self._listeners = (*self._listeners, listener)

    def knows(self, redactor: Redactor) -> None:
        """Redact with this redactor from now on; facts that are already recorded stay as they are."""
        self._redactor = redactor

    def clean(self, text: str) -> str:
        """Return the text, redacted, so that anybody may see it."""
        return self._redactor.text(text)

    def add(self, fact: Fact) -> None:
        """Redact the fact, give it its time, keep it, and tell the listeners."""
        clean = _masked(fact, self._redactor)
        now = self._clock()
        recorded = RecordedFact(clean, utc=now.utc, elapsed=now.mono - self._began.mono)
        with self._lock:
            self._facts.append(recorded)
            for listener in self._listeners:
                listener(recorded)


def _masked(value: Any, redactor: Redactor) -> Any:
    """Return the value with every text in it masked, however deep; an enum's are words of our own.

    Raises:
        TypeError: it holds what could not be masked.
    """
    match value:
        case Enum() | bool() | int() | float() | None:
            return value
        case str():
            return redactor.text(value)
        case tuple():
            return tuple(_masked(item, redactor) for item in value)
    return replace(value, **{each.name: _masked(getattr(value, each.name), redactor) for each in fields(value)})
