"""The API server between the machine and the place: what becomes of each request, judged by its own guards."""

import json
from dataclasses import dataclass
from typing import Any, Final

from cutover.core.writes.write import Write, WriteName
from tests.core.engine.explore.brain import LawError, Mind
from tests.core.engine.explore.disturbance import SOMEBODY
from tests.core.engine.explore.place import Place, served
from tests.core.engine.stage import BASE, NEW

TO_CANARY: Final = frozenset({WriteName.ABORT, WriteName.PROMOTE_PAUSE})


@dataclass(frozen=True, eq=False)
class WriteRequest:
    """A write, told from others by its identity."""

    write: Write


class ModelServer:
    """Every request that was met, and what came of it where."""

    def __init__(self) -> None:
        self._known: dict[Any, WriteRequest] = {}
        self._sent: dict[Mind, WriteRequest] = {}
        self._done: dict[tuple[WriteRequest, Place], tuple[Place, ...]] = {}

    def request(self, mind: Mind) -> WriteRequest | None:
        """The one and only request of this content that the machine has under way."""
        write = mind.pending
        if write is None:
            return None
        if mind not in self._sent:
            operations = json.dumps([dict(each) for each in write.operations], sort_keys=True, default=dict)
            content = (write.name, write.occasion, operations)
            self._sent[mind] = self._known.setdefault(content, WriteRequest(write))
        return self._sent[mind]

    def done(self, request: WriteRequest, place: Place) -> tuple[Place, ...]:
        """The place after the request; empty where a guard does not hold."""
        found = (request, place)
        if found not in self._done:
            self._done[found] = served(request.write, place)
            if self._done[found]:
                _judge(request.write, place)
        return self._done[found]


def _judge(write: Write, place: Place) -> None:
    """Laws: what the API server lets through acts on our own template, our own canary, before its promotion."""
    seen, name = place.seen, write.name
    spec = any(each["op"] != "test" and each["path"].startswith("/spec/template") for each in write.operations)
    if seen.uid == "another" or (spec and seen.template == "others"):
        raise LawError(f"{name} reached what somebody else wrote")
    if name is not WriteName.CUTOVER and SOMEBODY in place.kept:
        raise LawError(f"{name} reached a run that another process took over")
    if name in TO_CANARY and (seen.current, seen.stable) != (NEW, BASE):
        raise LawError(f"{name} reached another revision than the canary")
    if name is WriteName.PROMOTE_PAUSE and seen.pauses != ("CanaryPauseStep",):
        raise LawError(f"{name} passed a pause that is none of the steps'")
