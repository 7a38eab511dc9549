"""Reads a recording, and runs the recorded run once more."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cutover.core.base.instants import Instant
from cutover.core.engine.observation import FreshRead, Observation
from cutover.core.engine.state import State
from cutover.core.engine.step import advance
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import World
from cutover.core.recording.class_fields import CLASS
from cutover.core.recording.header_footer import FORMAT, FirstLine, LastLine
from cutover.core.recording.line_texts import ended
from cutover.core.recording.wire_names import name_of
from cutover.core.writes.write import Answer, StoredObject, Unseen, Write
from tests.recordings.decode import decode, demand
from tests.recordings.world_reader import world_of

RecordedLines = tuple[Mapping[str, Any], ...]
"""The lines of a recording, parsed."""


def replay(lines: Iterable[str]) -> LastLine:
    """Return what the engine of today decides if it is shown what the run was shown.

    Raises:
        ValueError: the lines are no recording.
    """
    documents = read(lines)
    state, writes, ending = first_state(documents), list[str](), LastLine("", "")
    for observation in observations(documents):
        state, decision = advance(state, observation)
        writes += [command.name.value for command in decision.commands if isinstance(command, Write)]
        ending = ended(decision.ending, writes)
        if ending.outcome:
            break
    return ending


def recorded(lines: Iterable[str]) -> LastLine:
    """Return how the recorded run ended.

    Raises:
        ValueError: the lines are no recording, or its end was never written.
    """
    last = read(lines)[-1]
    if last.get(CLASS) != name_of(LastLine):
        raise ValueError("the recording has no end: the run was killed, or is still under way")
    ending: LastLine = decode(last, LastLine)
    return ending


def read(lines: Iterable[str]) -> RecordedLines:
    """Parse the lines; at least one is returned.

    Raises:
        ValueError: they are no recording.
    """
    documents = tuple(demand(json.loads(line), dict) for line in lines if line.strip())
    if not documents:
        raise ValueError("the recording is empty")
    return documents


def first_state(documents: RecordedLines) -> State:
    """Return the state in which the run began.

    Raises:
        ValueError: the first line holds none, or is in another format.
    """
    begun: FirstLine = decode(documents[0], FirstLine)
    if begun.format != FORMAT:
        raise ValueError(f"the recording has format {begun.format}, not {FORMAT}")
    return begun.state


def observations(documents: RecordedLines) -> Iterator[Observation]:
    """Yield the observations that the run was shown.

    Raises:
        ValueError: a line spells no observation.
    """
    world = World()
    for document in documents[1:]:
        if document.get(CLASS) == name_of(LastLine):
            return
        world = world_of(world, document.get("world"))
        fresh_reads = tuple(_fresh_read(read, world) for read in demand(document.get("looks", []), list))
        answers = tuple(_answer(answer, world) for answer in demand(document.get("answers", []), list))
        bare = {**document, "world": {CLASS: name_of(World)}, "looks": [], "answers": []}
        rest: Observation = decode(bare, Observation)
        yield replace(rest, world=world, fresh_reads=fresh_reads, answers=answers)


def _answer(document: Any, world: World) -> Answer:
    members = demand(document, dict)
    answer: Answer = decode({**members, "found": {CLASS: name_of(Unseen)}}, Answer)
    stored_object = decode(members.get("found"), StoredObject | ReadFailed, world.rollout(answer.write.target.rollout))
    return replace(answer, stored=stored_object)


def _fresh_read(document: Any, world: World) -> FreshRead:
    members = demand(document, dict)
    at: Instant = decode(members.get("at"), Instant)
    if "unreadable" in members:
        return FreshRead(decode(members["unreadable"], ReadFailed), at)
    return FreshRead(world_of(world, members.get("world")), at)
