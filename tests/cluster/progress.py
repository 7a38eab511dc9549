import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.cluster.errors import BedError


@dataclass(frozen=True)
class Progress:
    """One line per finished phase, with the time since the start."""

    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def say(self, text: str) -> None:
        print(f"{self.elapsed:6.1f} s  {text}", flush=True)

    @contextmanager
    def phase(self, text: str) -> Iterator[None]:
        yield
        self.say(text)


def wait_for(what: str, check: Callable[[], bool], seconds: float, pause: float = 0.05) -> None:
    """Ask until the answer is yes; the check itself may raise what makes waiting pointless."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise BedError(f"{what}: not within {seconds:.0f} s")
        time.sleep(pause)
