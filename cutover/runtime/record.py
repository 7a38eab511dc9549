"""The record of a run: redacts every fact and gives it its time before anybody else sees it."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from threading import Lock
from typing import Any

from cutover.core.base.cluster_text import MaskedText, Words
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

    def clean(self, words: Words) -> str:
        """Return the sentence, redacted, so that anybody may see it."""
        return self._redactor.words(words)

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
    """Return the value with its fields of type `Words` or `MaskedText` masked, however deep.

    Words of ours and names of objects stay as they are.

    Raises:
        TypeError: such a field holds something else.
    """
    members = {each.name: _shown(each.type, getattr(value, each.name), redactor) for each in fields(value)}
    return replace(value, **members)


def _shown(kind: Any, value: Any, redactor: Redactor) -> Any:
    if kind in (Words, MaskedText):
        return redactor.words(value)
    if kind == tuple[Words, ...]:
        return tuple(map(redactor.words, value))
    return _masked(value, redactor) if is_dataclass(value) else value
