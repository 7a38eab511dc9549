"""The loop: what it waits for, whom it asks, and what becomes of a defect of our own."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.outcomes import Cause, Ending, Outcome
from cutover.core.base.resources import Resource
from cutover.core.engine.decision import CollectEvidence, Decision
from cutover.core.engine.observation import Evidence, EvidenceKind, Observation, OperatorRequest
from cutover.core.engine.state import State, start
from cutover.core.engine.step import advance
from cutover.core.objects.world import Deleted, StreamLost, Upserted
from cutover.core.writes.lock_state import Overdue, TakenOver
from cutover.core.writes.write import WriteName
from cutover.runtime import loop
from cutover.runtime.loop import LONGEST_WAIT, News
from tests.core.engine import stage as stages
from tests.core.engine.play import run_spec
from tests.core.engine.stage import opening, plan
from tests.runtime.ports import BEGAN, Script, Story, StoryOver

Rounds = Iterator[Iterable[News]]
OPENING = opening()


def played(story: Story, owner: str = "") -> tuple[Script, Ending]:
    """The story of a run of the usual plan, from its first observation to its end."""
    script = Script()
    state = start(run_spec(plan(), owner=owner), BEGAN.mono)
    return script, script.run(state, OPENING.world(BEGAN.mono), story)


def begun(story: Story) -> Script:
    """The story of a run that is not over when the story is."""
    script = Script()
    with pytest.raises(StoryOver):
        script.run(start(run_spec(plan()), BEGAN.mono), OPENING.world(BEGAN.mono), story)
    return script


def test_all_that_came_meanwhile_reaches_the_engine_in_one_observation() -> None:
    old, new = OPENING.adopted().snapshot().replicasets
    pod = OPENING.snapshot().pods[0]
    piece = Evidence(EvidenceKind.EVENTS, "rollout", text="nothing")

    def story(_: Script) -> Rounds:
        yield (
            Upserted(Resource.REPLICASET, new, 1001.0),
            Deleted(Resource.POD, pod.meta.name, pod.meta.uid, 1001.5),
            piece,
            StreamLost(Resource.REPLICASET, "cut", 1002.0),
            Upserted(Resource.REPLICASET, old, 1003.0),
            OperatorRequest.ASK,
        )

    script = begun(story)
    first, second = script.observations[:2]
    assert (first.requests, first.evidence) == ((), ())
    assert (second.requests, second.evidence) == ((OperatorRequest.ASK,), (piece,))
    known = second.world.objects
    assert set(known[Resource.REPLICASET]) == {old.meta.name, new.meta.name}
    assert second.world.seen[Resource.REPLICASET] == 1003.0
    assert second.world.trouble == {}
    assert pod.meta.name not in known[Resource.POD]


def test_a_request_and_an_answer_are_told_once_and_a_question_is_asked_once() -> None:
    def story(script: Script) -> Rounds:
        written, news = script.stored(OPENING)
        yield news
        yield [OperatorRequest.ASK]
        yield [OperatorRequest.GO_ON]
        yield [OperatorRequest.ABORT]
        restored, news = script.stored(written)
        yield news
        yield script.seen(restored.restored_and_healthy())
        yield script.read(restored.restored_and_healthy())

    script, ending = played(story)
    seen = script.observations
    assert [len(each.answers) for each in seen] == [0, 1, 0, 0, 0, 1, 0, 0]
    assert [each.requests for each in seen if each.requests] == [
        (OperatorRequest.ASK,),
        (OperatorRequest.GO_ON,),
        (OperatorRequest.ABORT,),
    ]
    assert script.asked.everything.count("question") == 1
    assert (ending.outcome, script.asked.names) == (Outcome.INTERRUPTED, [WriteName.CUTOVER, WriteName.RESTORE])


def test_evidence_is_asked_for_with_the_world_that_holds_its_subject() -> None:
    def story(script: Script) -> Rounds:
        written, news = script.stored(OPENING)
        yield news
        crashed = written.adopted().canary().canary_pod(**stages.crash_looping(1, 3))
        yield script.seen(crashed)

    script = begun(story)
    asks = [each for each in script.asked.everything if isinstance(each, CollectEvidence)]
    assert asks
    names = {name for world in script.asked.worlds for name in world.objects[Resource.POD]}
    assert {ask.about for ask in asks} - {"rollout"} <= names
    assert EvidenceKind.PREVIOUS_LOG in {ask.kind for ask in asks}


@pytest.mark.parametrize(("wanted", "waits"), [(0.5, 0.5), (3600.0, LONGEST_WAIT), (-1.0, 0.0)])
def test_it_waits_as_long_as_the_engine_wants_and_never_longer_than_five_seconds(
    wanted: float, waits: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wanting(state: State, observation: Observation) -> tuple[State, Decision]:
        state, decision = advance(state, observation)
        return state, replace(decision, ask_again_at=observation.at.mono + wanted)

    monkeypatch.setattr(loop, "advance", wanting)
    assert begun(lambda _script: iter(())).waits == [pytest.approx(waits)]


def test_a_run_whose_lock_is_overdue_promotes_nothing_and_goes_on_when_it_is_held_again() -> None:
    def story(script: Script) -> Rounds:
        held = script.lock
        written, news = script.stored(OPENING)
        yield news
        paused = written.adopted().canary_ready().paused_at(1)
        yield script.seen(paused)
        script.lock = Overdue("no answer")
        yield script.seen(paused, after=11.0)
        assert script.asked.names == [WriteName.CUTOVER]
        script.lock = held
        yield script.seen(paused, after=1.0)
        yield script.seen(paused, after=11.0)
        assert script.asked.names == [WriteName.CUTOVER, WriteName.PROMOTE_PAUSE]
        passed, news = script.stored(paused)
        yield news
        script.lock = TakenOver("bob")
        yield script.seen(passed)

    script, ending = played(story, owner="alice@host/s1")
    assert ending.outcome is Outcome.SUPERSEDED
    assert script.asked.names == [WriteName.CUTOVER, WriteName.PROMOTE_PAUSE]


# -- a defect of ours --------------------------------------------------------------------------------------------------


def fails(monkeypatch: pytest.MonkeyPatch, when: Any) -> None:
    """The engine raises at every observation in a state for which this holds."""

    def broken(state: State, observation: Any) -> Any:
        if when(state):
            raise ZeroDivisionError
        return advance(state, observation)

    monkeypatch.setattr(loop, "advance", broken)


def test_a_defect_before_the_first_write_is_raised_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, lambda _state: True)
    script = Script()
    with pytest.raises(ZeroDivisionError):
        script.run(start(run_spec(plan()), BEGAN.mono), OPENING.world(BEGAN.mono), lambda _: iter([()]))
    assert script.asked.everything == []


def test_a_defect_after_the_write_takes_the_plan_back(monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, lambda state: state.adopted and not state.failing)

    def story(script: Script) -> Rounds:
        written, news = script.stored(OPENING)
        yield news
        adopted = written.adopted()
        yield script.seen(adopted)
        yield script.seen(adopted)
        yield script.waited(0.0)
        aborted, news = script.stored(adopted)
        yield news
        yield script.seen(aborted.aborted())
        restored, news = script.stored(aborted.aborted())
        yield news
        yield script.seen(restored.restored_and_healthy())
        yield script.read(restored.restored_and_healthy())

    script, ending = played(story)
    assert isinstance(ending.cause, Cause)
    assert ending.cause.message == "a defect in cutover itself: ZeroDivisionError"
    assert (ending.outcome, ending.unproven) == (Outcome.HELD, ())
    assert script.asked.names == [WriteName.CUTOVER, WriteName.ABORT, WriteName.RESTORE]
    assert [type(defect) for defect in script.defects] == [ZeroDivisionError]


def test_a_second_defect_restores_the_old_template_at_once_and_calls_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, lambda state: state.adopted)

    def story(script: Script) -> Rounds:
        written, news = script.stored(OPENING)
        yield news
        yield script.seen(written.adopted())
        yield script.seen(written.adopted())
        yield script.seen(written.adopted())

    script, ending = played(story)
    assert ending.outcome is Outcome.UNVERIFIED
    assert ending.next
    assert script.asked.everything[-1] == ("performed", WriteName.RESTORE)
