"""The record of a run: every fact passes here, is redacted, gets its time, and only then is seen by anybody."""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from cutover.core.base.instants import Instant
from cutover.core.base.redaction import Redactor
from cutover.core.engine.facts import Fact, RecordedFact

Listener = Callable[[RecordedFact], None]


class Record:
    """Facts in their order; safe to write to from several threads."""

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
        """Everything recorded so far."""
        return tuple(self._facts)

    @property
    def began(self) -> float:
        """When the record was begun, in seconds since the epoch."""
        return self._began.utc

    def listen(self, listener: Listener) -> None:
        """Tell this listener too, first of all what there is so far."""
        with self._lock:
            for recorded in self._facts:
                listener(recorded)
            self._listeners = (*self._listeners, listener)

    def knows(self, redactor: Redactor) -> None:
        """From here on this is masked: what a run has learned of its secrets."""
        self._redactor = redactor

    def clean(self, text: str) -> str:
        """Text as it may be shown to anybody."""
        return self._redactor.text(text)

    def add(self, fact: Fact) -> None:
        """Redact, stamp, keep, and tell the listeners."""
        clean = replace(fact, text=self._redactor.text(fact.text), data=self._redactor.document(fact.data))
        now = self._clock()
        recorded = RecordedFact(clean, utc=now.utc, elapsed=now.mono - self._began.mono)
        with self._lock:
            self._facts.append(recorded)
            for listener in self._listeners:
                listener(recorded)
