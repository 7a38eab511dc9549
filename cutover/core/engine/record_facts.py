"""The facts of a run's record. Whatever is printed, stored or reported is made from these.

The engine makes facts with text as the cluster gave it; `runtime.record` redacts each one before it is shown.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from cutover.core.base.frozen import frozen


class FactKind(StrEnum):
    """The kind of a fact. The timeline of the report shows the kinds in `core.review.timeline`."""

    INTENT = "intent"
    ANSWER = "answer"
    WRITTEN = "written"
    ADOPTED = "adopted"
    STEP = "step"
    POD = "pod"
    SUSPECTED = "suspected"
    CLEARED = "cleared"
    DECIDED = "decided"
    ABORTED = "aborted"
    RESTORED = "restored"
    PASSED = "passed"
    PROMOTED = "promoted"
    PROVEN = "proven"
    UNPROVEN = "unproven"
    EVIDENCE = "evidence"
    NOTE = "note"
    ENDED = "ended"


@frozen
class Fact:
    """One thing that happened: a sentence for people and the same as data."""

    kind: FactKind
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


@frozen
class RecordedFact:
    """A fact, redacted, with its time: `utc` in seconds since the epoch, `elapsed` in seconds since the run began."""

    fact: Fact
    utc: float
    elapsed: float
