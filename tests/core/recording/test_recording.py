"""What a run was shown is written down, redacted, and decides the same when it is read again."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import pytest

from cutover.core.base.cluster_text import Sentence
from cutover.core.base.instants import Instant
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.engine.observation import FreshRead, Observation, OperatorRequest
from cutover.core.objects.read_results import NotSeen
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.world import World
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.recording.class_fields import hints_of
from cutover.core.recording.header_footer import FirstLine, LastLine
from cutover.core.recording.line_texts import line_of
from cutover.core.recording.wire_names import BY_CLASS
from cutover.core.writes.write import Refused, Write
from tests.core.engine.play import Play
from tests.core.engine.stage import OTHERS, ClusterStage, crash_looping, opening
from tests.core.recording.recorded_plays import REDACTOR, recording
from tests.recordings.decode import NOT_NEEDED
from tests.recordings.replay import first_state, observations, read, recorded, replay


def crashed(stage: ClusterStage) -> ClusterStage:
    return stage.canary_pod(**crash_looping(1, 3, "no login with the new values"))


PLAYS: dict[str, Callable[[], Play]] = {
    "good": lambda: Play().bakes().waits(20.0).looks(),
    "held at the pause": lambda: Play(Promotion.STEPS).comes_to_the_pause().waits(10.0),
    "deadline": lambda: Play().starts_a_canary().waits(30.0).goes_back(),
    "crash loop": lambda: Play().starts_a_canary().sees(crashed).waits(5.0).goes_back(),
    "refused": lambda: Play().begins().refuses("cutover", reason="denied by policy"),
    "lost, stored": lambda: Play().begins().loses("cutover", stored=True).sees().sees(ClusterStage.adopted).waits(5.0),
    "lost, not stored": lambda: Play().begins().loses("cutover").sees().waits(11.0).refuses("restore").looks(),
    "mutated": lambda: Play().begins().accepts("cutover", change=lambda s: s.spec(template=OTHERS)).restores().looks(),
    "interrupted": lambda: Play().comes_to_the_pause().is_asked_to(OperatorRequest.ABORT).goes_back(),
    "left": lambda: Play().starts_a_canary().is_asked_to(OperatorRequest.LEAVE, OperatorRequest.LEAVE),
    "superseded": lambda: Play().comes_to_the_pause().sees(lambda stage: stage.spec(template=OTHERS)),
    "deleted": lambda: Play().comes_to_the_pause().sees(ClusterStage.deleted),
    "contained": lambda: Play(on_failure=OnFailure.ABORT).starts_a_canary().waits(30.0).aborts().looks(),
    "reverted": lambda: Play().bakes().sees(lambda stage: stage.canary_pod(**crash_looping(1, 3))).waits(9.0).reverts(),
    "analysis": lambda: Play().has_a_ready_canary().sees(lambda stage: stage.analysis("Failed")).goes_back(),
    "blind": lambda: Play().starts_a_canary().goes_blind().waits(400.0),
    "blind for a while": lambda: Play().starts_a_canary().goes_blind(Resource.POD).waits(40.0).sees_again().waits(5.0),
    "cannot look": lambda: Play().starts_a_canary().waits(30.0).aborts().restores().cannot_look().waits(2.0).looks(),
    "under way": lambda: Play().comes_to_the_pause(),
}


@pytest.mark.parametrize("name", PLAYS)
def test_a_replay_decides_what_the_run_decided(name: str) -> None:
    with recording() as recorder:
        play = PLAYS[name]()
    lines = recorder.ends(play)
    assert replay(lines) == recorded(lines)
    assert list(replay(lines).writes) == play.sent
    assert (replay(lines).outcome == "") is not play.over
    if play.over:
        assert (replay(lines).outcome, replay(lines).code) == (play.ending.outcome.value, play.code)


def answered(seen: Observation) -> list[object]:
    """The answers of an observation, their writes as far as they are recorded."""
    return [replace(answer, write=replace(answer.write, operations=(), body={}, words=())) for answer in seen.answers]


@pytest.mark.parametrize("name", PLAYS)
def test_what_holds_no_secret_is_read_as_it_was(name: str) -> None:
    with recording() as recorder:
        PLAYS[name]()
    documents = read(recorder.lines)
    began = recorder.begun[0].run_spec
    state = first_state(documents)
    assert replace(state, run_spec=replace(state.run_spec, cutover=began.cutover)) == recorder.begun[0]
    shown = [replace(one, answers=()) for one in recorder.seen]
    assert [replace(one, answers=()) for one in observations(documents)] == shown
    assert list(map(answered, observations(documents))) == list(map(answered, recorder.seen))
    assert [list(one.world.objects.get(Resource.POD, ())) for one in observations(documents)] == [
        list(one.world.objects.get(Resource.POD, ())) for one in shown
    ]


def test_another_world_is_decided_otherwise() -> None:
    with recording() as recorder:
        play = PLAYS["good"]()
    first, *rest, last = recorder.ends(play)
    assert replay([first, *rest[:5], last]) != recorded([first, *rest, last])
    assert replay([line.replace('"ready":true', '"ready":false') for line in (first, *rest)]).outcome == ""


def test_only_what_changed_is_written() -> None:
    with recording() as recorder:
        Play().begins().sees().sees(lambda stage: stage.phase("Progressing"))
    first, same, phase = (json.loads(line)["world"].get("kinds", {}) for line in recorder.lines[1:])
    assert set(first) == {kind.value for kind in WATCHED}
    assert same == {}
    assert phase == {
        "rollouts": {
            "views": {
                "payments": {
                    "class": "RolloutView",
                    "status": {"class": "RolloutStatus", "phase": "Progressing"},
                }
            }
        }
    }


def test_the_order_of_a_new_list_is_kept() -> None:
    stage = opening()
    turned = replace(stage, pods=dict(reversed(list(stage.pods.items()))))
    with recording() as recorder:
        Play().begins().sees(lambda _: turned)
    *_, last = observations(read(recorder.lines))
    assert list(last.world.objects[Resource.POD]) == list(turned.pods) != list(stage.pods)


def test_a_look_that_could_not_list_a_kind_is_read_so() -> None:
    with recording() as recorder:
        Play().begins()
    blind = World({}, {Resource.POD: 7.0}, {Resource.ROLLOUT: "no right"})
    fresh_reads = (FreshRead(blind, Instant(1.0, 1.0)),)
    line = line_of(replace(recorder.seen[0], fresh_reads=fresh_reads), World(), REDACTOR)
    (found,) = observations(read((recorder.lines[0], line)))
    assert isinstance(found.fresh_reads[0].world, World)
    assert (found.fresh_reads[0].world.seen, found.fresh_reads[0].world.trouble) == (blind.seen, blind.trouble)
    assert found.fresh_reads[0].world.rollout("payments") == NotSeen()


# -- what is no recording ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda _: {"class": "Secret"}, "names 'Secret'"),
        (lambda line: {**line, "colour": "red"}, "names colour in a Begun"),
        (lambda line: {**line, "format": 99}, "format 99"),
        (lambda line: {**line, "format": "1"}, "holds a str where a int"),
        (lambda line: {**line, "state": []}, "holds a list where a dict"),
        (lambda line: {**line, "state": {**line["state"], "phase": "dancing"}}, "'dancing' is not a valid Phase"),
        (lambda line: {"class": "Begun", "format": line["format"]}, "lacks a field of a Begun"),
        (lambda _: [], "holds a list where a dict"),
    ],
)
def test_what_is_not_known_is_an_error(spoil: Callable[[Any], Any], words: str) -> None:
    with recording() as recorder:
        Play().begins()
    first, *rest = recorder.lines
    with pytest.raises(ValueError, match=words):
        replay([json.dumps(spoil(json.loads(first))), *rest])


def test_a_recording_without_its_end_can_be_replayed_but_not_compared() -> None:
    with recording() as recorder:
        Play().begins()
    assert replay(recorder.lines) == LastLine("", "", ("cutover",))
    with pytest.raises(ValueError, match="has no end"):
        recorded(recorder.lines)
    with pytest.raises(ValueError, match="is empty"):
        replay([])


def test_what_no_recording_can_hold_is_named() -> None:
    with recording() as recorder:
        Play().begins()
    odd = replace(recorder.seen[0], evidence=(LastLine("", ""), object()))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot hold a object"):
        line_of(odd, World(), REDACTOR)


NEVER_READ = {
    Write: frozenset(NOT_NEEDED),
    Refused: frozenset({"objection"}),
    RolloutView: frozenset({"controlled_by"}),
}
"""Fields that the engine never reads: they are not recorded."""


def reachable(hint: Any, found: set[type]) -> set[type]:
    """Every class that a value of the type can hold."""
    for inner in get_args(hint):
        reachable(inner, found)
    if isinstance(hint, type) and is_dataclass(hint) and hint not in found:
        found.add(hint)
        for inner in hints_of(hint).values():
            reachable(inner, found)
    return found


def test_every_class_and_field_that_a_recording_can_hold_has_its_word() -> None:
    assert reachable(FirstLine | Observation | LastLine, set()) - {Sentence} == set(BY_CLASS)
    for kind, words in BY_CLASS.items():
        left_out = NEVER_READ.get(kind, frozenset())
        assert set(words.fields) == {found.name for found in fields(kind)} - left_out
        assert len(set(words.fields.values())) == len(words.fields)


def test_no_two_classes_of_a_recording_share_a_word() -> None:
    assert len({words.name for words in BY_CLASS.values()}) == len(BY_CLASS)
