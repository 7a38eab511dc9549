"""What a run asks for its report, and what it tells of the canary's pods."""

from typing import Any

import pytest

from cutover.core.engine.decision import CollectEvidence
from cutover.core.engine.facts import Cleared, Decided, EvidenceNoted, PodChanged, RecordedFact, Suspected
from cutover.core.engine.observation import Evidence, EvidenceKind
from cutover.core.review.report import Exposure
from cutover.core.review.timeline import exposure, timeline
from tests.core.engine.play import Play
from tests.core.engine.stage import NEW, ClusterStage, crash_looping, waiting
from tests.quotations import unmasked

POD = f"payments-{NEW}-0"


def asked(play: Play) -> list[str]:
    """Every question, as words."""
    return [f"{ask.kind} of {ask.about}{f'/{ask.container}' if ask.container else ''}" for ask in play.asks]


def recorded(play: Play) -> tuple[RecordedFact, ...]:
    """The record, a second between any two facts."""
    return tuple(RecordedFact(fact, float(number), float(number)) for number, fact in enumerate(play.facts))


# -- questions ---------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_while_nothing_is_suspected() -> None:
    assert Play().bakes().waits(20.0).looks().asks == []


def test_a_slow_pod_is_asked_about_at_the_first_suspicion() -> None:
    play = Play().starts_a_canary().waits(10.0)
    assert asked(play) == [f"readyz of {POD}/app", f"log of {POD}/app", f"events of {POD}"]
    assert play.asks[0] == CollectEvidence(EvidenceKind.READYZ, POD, "app", attempt=0, port=8080, path="/readyz")


def test_the_same_question_is_not_asked_twice_but_a_restart_is_a_new_occasion() -> None:
    play = Play().starts_a_canary().sees(lambda stage: stage.canary_pod(**crash_looping(1, 0)))
    first = asked(play)
    assert asked(play.sees().waits(5.0)) == first
    play.sees(lambda stage: stage.canary_pod(**crash_looping(1, 1)))
    assert asked(play)[len(first) :] == [
        f"log of {POD}/app",
        f"previous-log of {POD}/app",
        f"events of {POD}",
    ]


def test_a_failure_asks_once_more_and_about_the_rollout_and_the_abort_waits_for_none_of_it() -> None:
    play = Play().starts_a_canary().waits(10.0)
    before = len(play.asks)
    play.waits(20.0)
    assert asked(play)[before:] == [
        f"readyz of {POD}/app",
        f"log of {POD}/app",
        f"events of {POD}",
        "events of rollout",
    ]
    assert play.sent == ["cutover", "abort"]


def test_of_pods_that_fail_alike_three_are_asked_about() -> None:
    play = Play().starts_a_canary().sees(lambda stage: stage.canary(5)).waits(30.0)
    assert {ask.about for ask in play.asks} == {f"payments-{NEW}-{number}" for number in range(3)} | {"rollout"}


def test_a_container_that_never_ran_has_no_log() -> None:
    change = waiting("CreateContainerConfigError", "couldn't find key url")
    play = Play().starts_a_canary().sees(lambda stage: stage.canary_pod(**change))
    assert asked(play) == [f"events of {POD}", "events of rollout"]


# -- answers -----------------------------------------------------------------------------------------------------------


def test_evidence_is_recorded_as_it_comes() -> None:
    play = Play().starts_a_canary().hears(Evidence(EvidenceKind.LOG, POD, "app", text="no route to host"))
    assert play.facts[-1] == EvidenceNoted(
        f"log of {POD}/app", Evidence(EvidenceKind.LOG, POD, "app", text="no route to host")
    )


def test_what_did_not_come_is_listed_as_missed() -> None:
    play = Play().starts_a_canary().waits(30.0)
    play.hears(
        Evidence(EvidenceKind.LOG, POD, "app", text="x"), Evidence(EvidenceKind.READYZ, POD, "app", missed="504")
    )
    play.goes_back()
    missed = [text for text in play.said(EvidenceNoted) if "missed" in text]
    assert missed == [
        f"readyz of {POD}/app: missed, 504",
        f"events of {POD}: missed, it did not come before the end",
        "events of rollout: missed, it did not come before the end",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('503\n{"checks": [{"name": "db", "ok": false, "code": "refused"}]}', "503: db refused"),
        ('503\n{"checks": [{"name": "db", "ok": true}]}', '503: {"checks": [{"name": "db", "ok": true}]}'),
        ("503\nnot json", "503: not json"),
        ("503\n[1, 2]", "503: [1, 2]"),
        ("503", "503"),
        ("503\n" + "[" * 100_000, f"503: {'[' * 200}…"),
    ],
    ids=["checks", "no failed check", "text", "a list", "no body", "nested without end"],
)
def test_whatever_the_readiness_endpoint_says_is_quoted_and_breaks_nothing(body: str, said: str) -> None:
    play = Play().starts_a_canary().hears(Evidence(EvidenceKind.READYZ, POD, "app", text=body)).waits(30.0)
    assert play.said(Decided) == [
        f"the cutover failed: pod {POD} was not Ready within 30 s: its readiness endpoint says {said}"
    ]


# -- the canary's pods -------------------------------------------------------------------------------------------------


def test_each_change_of_a_pod_is_told_once_and_that_it_went() -> None:
    play = Play().has_a_ready_canary().sees().sees(lambda stage: stage.analysis("Failed")).goes_back()
    assert play.said(PodChanged) == [
        f"canary pod {POD}: running, not Ready",
        f"canary pod {POD}: Ready",
        f"canary pod {POD}: gone",
    ]


def test_the_exposure_ends_when_the_pod_is_gone() -> None:
    play = Play().has_a_ready_canary().sees(lambda stage: stage.analysis("Failed")).goes_back()
    told = recorded(play)
    ready, gone = (
        number for number, fact in enumerate(play.facts) if unmasked(fact.text).endswith(("0: Ready", ": gone"))
    )
    assert exposure(told) == Exposure(pods=1, seconds=gone - ready)


def test_a_pod_that_goes_and_is_replaced_did_not_relapse() -> None:
    play = Play().has_a_ready_canary().sees(lambda stage: stage.without(POD)).sees(lambda stage: stage.canary_pod(1))
    assert not play.state.failing
    assert play.said(PodChanged)[-2:] == [
        f"canary pod {POD}: gone",
        f"canary pod payments-{NEW}-1: running, not Ready",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (crash_looping(3, 2), "app CrashLoopBackOff (exit code 3)"),
        (waiting("ContainerCreating"), "starting"),
        (waiting("CreateContainerConfigError"), "app CreateContainerConfigError"),
        ({"status__containerStatuses": []}, "starting"),
    ],
)
def test_a_pod_is_told_of_in_a_few_words(change: dict[str, Any], words: str) -> None:
    play = Play().is_adopted().sees(lambda stage: stage.canary().canary_pod(**change))
    assert play.said(PodChanged) == [f"canary pod {POD}: {words}"]


def test_the_timeline_of_a_held_run_has_every_name_of_the_contract_but_the_promotion() -> None:
    play = Play().starts_a_canary().waits(30.0).goes_back()
    names = ["written", "adopted", "firstBadSignal", "decided", "aborted", "restored", "proven"]
    assert list(timeline(recorded(play))) == names


def test_the_timeline_of_a_good_run_has_no_bad_signal() -> None:
    play = Play().bakes().waits(20.0).looks()
    assert list(timeline(recorded(play))) == ["written", "adopted", "promoted", "proven"]


def test_a_canary_that_gets_ready_again_clears_the_suspicion() -> None:
    play = Play().has_a_ready_canary().sees(ClusterStage.canary).sees(ClusterStage.canary_ready, after=2.0)
    said = f"pod {POD} was Ready and is no longer: container app runs, its readiness probe fails"
    assert play.said(Suspected) == [said]
    assert play.said(Cleared) == [f"no longer true: {said}"]
