"""What became of every request, and what that says about the whole load."""

import json
import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class LoadAnswer:
    """One request: when it was due, how it ended, who answered. Times in seconds."""

    at: float  # due, from the start of the load
    late: float  # sent so much after it was due: the load client's own fault
    latency: float  # from due to the end, as a user who came on time waits
    status: int | None
    error: str  # "" or why it failed: timeout, refused, reset, unreachable, cut, malformed, http_<status>
    database: str = ""
    pod: str = ""
    hash: str = ""


@dataclass(frozen=True)
class LoadResult:
    """Every answer of one load, in the order in which they were due."""

    url: str
    rate: float
    started: float  # epoch
    answers: tuple[LoadAnswer, ...]

    @property
    def sent(self) -> int:
        return len(self.answers)

    @property
    def failed(self) -> tuple[LoadAnswer, ...]:
        """Whatever a user would have noticed."""
        return tuple(answer for answer in self.answers if answer.error)

    @property
    def reasons(self) -> dict[str, int]:
        return dict(Counter(answer.error for answer in self.failed))

    @property
    def by_database(self) -> dict[str, int]:
        """Good answers per database that gave them."""
        return dict(Counter(answer.database for answer in self.answers if not answer.error))

    @property
    def by_pod(self) -> dict[str, int]:
        return dict(Counter(answer.pod for answer in self.answers if not answer.error))

    def latency(self, percent: float) -> float:
        """The latency, in seconds, that this share of the good answers did not exceed."""
        good = sorted(answer.latency for answer in self.answers if not answer.error)
        return good[max(0, math.ceil(len(good) * percent / 100) - 1)] if good else math.nan

    @property
    def most_late(self) -> float:
        return max((answer.late for answer in self.answers), default=0.0)

    def summary(self) -> str:
        """One line for people."""
        seconds = self.answers[-1].at + 1 / self.rate if self.answers else 0.0
        databases = ", ".join(f"{name or '(unnamed)'} {count}" for name, count in sorted(self.by_database.items()))
        return (
            f"{self.sent} requests in {seconds:.1f} s ({self.rate:g}/s), {self._failures()}; by database: "
            f"{databases or 'none'}; latency {self._latencies()}; sent at most {self.most_late * 1000:.0f} ms late"
        )

    def _failures(self) -> str:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.reasons.items()))
        return f"{len(self.failed)} failed" + (f" ({reasons})" if reasons else "")

    def _latencies(self) -> str:
        if not self.by_database:
            return "unknown"
        return ", ".join(f"p{percent} {self.latency(percent) * 1000:.1f} ms" for percent in (50, 99, 100))

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"sent": self.sent, "failed": len(self.failed), "summary": self.summary()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        document = json.loads(text)
        answers = tuple(LoadAnswer(**answer) for answer in document["answers"])
        return cls(document["url"], document["rate"], document["started"], answers)
