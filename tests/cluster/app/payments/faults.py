"""Faults on demand: `FAULT=kind` or `FAULT=kind:seconds`, armed for every database or for one only."""

import os
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from .codes import DependencyError
from .database import DatabasePool
from .log import last_words, say
from .settings import Settings, UnusableError

KINDS: Final = frozenset(
    {
        "",
        "refuse_start",  # says why, exits 3
        "crash_loop",  # never ready, exits 1 so many seconds after its start
        "crash_after",  # exits 1 so many seconds after it was ready
        "answer_5xx",  # ready, but answers users 500
        "answer_401",  # ready, but answers users 401
        "ready_then_unready",  # ready for so many seconds
        "slow",  # answers users so many seconds late
        "wrong_identity",  # expects a database that this one is not
        "log_secret",  # logs its credentials and never becomes ready
    }
)
NOBODY: Final = "nobody"


@dataclass(eq=False)
class FaultOnDemand:
    """One fault; its clock starts when the application first calls itself ready."""

    kind: str = ""
    seconds: float = 0.0
    _ready_at: float | None = None
    _once: threading.Lock = field(default_factory=threading.Lock)

    def ready_now(self) -> None:
        """The application has just called itself ready."""
        with self._once:
            if self._ready_at is not None:
                return
            self._ready_at = time.monotonic()
        if self.kind == "crash_after":
            _crash_in(self.seconds)

    def makes_unready(self) -> bool:
        """Whether /readyz must say no now."""
        if self.kind == "ready_then_unready" and self._ready_at is not None:
            return time.monotonic() - self._ready_at >= self.seconds
        return self.kind in {"crash_loop", "log_secret"}

    def status(self) -> int:
        """The status that users get."""
        return {"answer_5xx": 500, "answer_401": 401}.get(self.kind, 200)

    def delay(self) -> None:
        """What users wait for."""
        if self.kind == "slow":
            time.sleep(self.seconds)

    def expected(self, identity: str) -> str:
        """The database identity that the application insists on."""
        return NOBODY if self.kind == "wrong_identity" else identity


def arm(settings: Settings, database: DatabasePool) -> FaultOnDemand:
    """The fault of this container. Faults of the start happen here."""
    kind, _, seconds = settings.fault.partition(":")
    if kind not in KINDS:
        raise UnusableError(f"FAULT={kind} is not known")
    fault = FaultOnDemand(kind, float(seconds or 0)) if _meant(settings, database) else FaultOnDemand()
    if fault.kind == "refuse_start":
        raise UnusableError("refusing to start: the configuration is not acceptable")
    if fault.kind == "crash_loop":
        _crash_in(fault.seconds)
    if fault.kind == "log_secret":
        say("connecting", url=settings.database_url, password=settings.password)
    return fault


def _meant(settings: Settings, database: DatabasePool) -> bool:
    """Whether the fault is for this database: by its identity, or by host:port without asking it."""
    if settings.fault_when in {"", database.address}:
        return True
    try:
        return database.identity(within=2.0) == settings.fault_when
    except DependencyError:
        return False


def _crash_in(seconds: float) -> None:
    def crash() -> None:
        last_words("crashed on demand")
        os._exit(1)  # as a crash does: no drain, nothing closed

    timer = threading.Timer(seconds, crash)
    timer.daemon = True  # a process that ends in time does not wait for its crash
    timer.start()
