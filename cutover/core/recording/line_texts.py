"""Writes the lines of a recording: JSON documents, redacted."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cutover.core.base.documents import Json
from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Cause, Ending
from cutover.core.base.redaction import Redactor
from cutover.core.engine.observation import FreshRead, Observation
from cutover.core.engine.state import State
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import World
from cutover.core.recording.encode import encode
from cutover.core.recording.header_footer import FORMAT, FirstLine, LastLine
from cutover.core.recording.world_changes import document_of
from cutover.core.writes.write import Answer, StoredObject, Unseen


def first_line(state: State, redactor: Redactor) -> str:
    """Return the first line, of a run that begins in this state.

    Raises:
        ValueError: it holds something that no recording can hold.
    """
    return _line(encode(FirstLine(FORMAT, state), FirstLine, redactor))


def line_of(observation: Observation, before: World, redactor: Redactor) -> str:
    """Return the line of an observation; `before` is the world of the line before, an empty one for the first.

    Raises:
        ValueError: it holds something that no recording can hold.
    """
    world = observation.world
    rest = encode(replace(observation, world=World(), fresh_reads=(), answers=()), Observation, redactor)
    answers = [_answer(answer, world, redactor) for answer in observation.answers]
    fresh_reads = [_fresh_read(read, world, redactor) for read in observation.fresh_reads]
    more = {name: items for name, items in (("answers", answers), ("looks", fresh_reads)) if items}
    return _line({**rest, "world": document_of(before, world, redactor), **more})


def last_line(ending: LastLine, redactor: Redactor) -> str:
    """Return the last line, of a run that is over."""
    return _line(encode(ending, LastLine, redactor))


def ended(ending: Ending | None, writes: Iterable[str]) -> LastLine:
    """Return the last line for a run that sent these writes; outcome and code are empty while it goes on."""
    if ending is None:
        return LastLine("", "", tuple(writes))
    code = ending.cause.code if isinstance(ending.cause, Cause) else ""
    return LastLine(ending.outcome.value, code, tuple(writes))


def _answer(answer: Answer, world: World, redactor: Redactor) -> Json:
    """Return an answer; the object that it found is compared with the one in the world."""
    encoded = encode(replace(answer, stored=Unseen()), Answer, redactor)
    shown = world.rollout(answer.write.target.rollout)
    return {**encoded, "found": encode(answer.stored, StoredObject | ReadFailed, redactor, shown)}


def _fresh_read(read: FreshRead, world: World, redactor: Redactor) -> Json:
    """Return a fresh read; its world is compared with that of its observation."""
    at = encode(read.at, Instant, redactor)
    if isinstance(read.world, ReadFailed):
        return {"at": at, "unreadable": encode(read.world, ReadFailed, redactor)}
    return {"at": at, "world": document_of(world, read.world, redactor)}


def _line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
