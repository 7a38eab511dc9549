"""`cutover promote` and `cutover retry`, whole, in process: guarded by what was shown, done when it is seen."""

import json
import signal
import threading
import time

import pytest

from cutover.commands.promote_retry import ActionRequest, act
from cutover.core.base.errors import CutoverError, RefusedError, StaleError
from cutover.core.base.outcomes import Outcome
from cutover.core.engine.promote_retry import ActionVerb
from cutover.core.review.report import Report
from tests.adapters.kube.server import Call, listing
from tests.commands.application import ROLLOUT, STATUS, UsualApplication
from tests.core.checks.documents import changed
from tests.core.engine.stage import NEW, OTHERS, ClusterStage, opening

EVENT = "POST events"


def paused() -> ClusterStage:
    """Somebody else's canary, at its pause."""
    return opening().spec(template=OTHERS).adopted().canary_ready().paused_at(1)


def acted(
    one: UsualApplication, verb: ActionVerb = ActionVerb.PROMOTE, *, shown: str = NEW, dry_run: bool = False
) -> Report:
    one.api.on[EVENT] = lambda call: call.reply(201, {"kind": "Event"})
    return act(one.app, ActionRequest(verb, shown, "it is fine", within=0.5, dry_run=dry_run))


def test_a_pause_is_passed_and_the_effect_is_seen(one: UsualApplication) -> None:
    one.api.shows(paused())
    one.status_writes(lambda: (lambda stage: stage.at_step(2),))
    report = acted(one)
    assert (report.outcome, report.unproven) == (Outcome.DONE, ())
    assert one.api.writes == [STATUS, EVENT]
    assert "it is fine" in json.dumps(one.api.bodies[-1])


def test_an_aborted_canary_is_tried_again(one: UsualApplication) -> None:
    one.api.shows(paused().aborted())
    one.status_writes(lambda: (lambda stage: stage.status(abort=False, abortedAt="").at_step(0),))
    report = acted(one, ActionVerb.RETRY)
    assert (report.outcome, one.api.writes) == (Outcome.DONE, [STATUS, EVENT])


def test_a_dry_run_writes_nothing(one: UsualApplication) -> None:
    one.api.shows(paused())
    assert acted(one, dry_run=True).outcome is Outcome.PLANNED
    assert one.api.writes == []


def test_another_revision_than_the_one_that_was_shown_is_not_promoted(one: UsualApplication) -> None:
    one.api.shows(paused())
    with pytest.raises(StaleError):
        acted(one, shown="another")
    assert one.api.writes == []


@pytest.mark.parametrize("verb", ActionVerb)
def test_without_a_canary_nothing_is_written(verb: ActionVerb, one: UsualApplication) -> None:
    with pytest.raises(CutoverError):
        acted(one, verb)
    assert one.api.writes == []


def test_a_write_that_is_refused_is_stale_and_no_event_says_that_it_was_done(one: UsualApplication) -> None:
    one.api.shows(paused())
    one.api.on[STATUS] = lambda call: call.refuse(422, "Invalid", "the test failed")
    with pytest.raises(StaleError):
        acted(one)
    assert one.api.writes == [STATUS]


def test_what_the_controller_does_not_take_up_is_unverified(one: UsualApplication) -> None:
    one.api.shows(paused())
    one.api.on[STATUS] = lambda call: call.reply(200, one.api.stage.rollout)
    report = acted(one)
    assert (report.outcome, report.proven) == (Outcome.UNVERIFIED, ())
    assert report.unproven[0].endswith("no effect was seen within 0.5 s")
    assert report.next


def test_an_effect_that_a_fresh_read_does_not_show_is_unverified(one: UsualApplication) -> None:
    one.api.shows(paused())
    before = one.api.stage.rollout

    def passes(stage: ClusterStage) -> ClusterStage:
        one.api.instead["GET rollouts/payments"] = lambda call: call.reply(200, before)
        return stage.at_step(2)

    one.status_writes(lambda: (passes,))
    assert acted(one).outcome is Outcome.UNVERIFIED


def test_another_rollout_that_passes_its_pause_is_not_the_effect(one: UsualApplication) -> None:
    one.api.shows(paused())
    other = changed(paused().at_step(2).rollout, {"metadata.name": "other"})

    def rollouts(call: Call) -> None:
        if "watch" not in call.seen.query:
            call.reply(200, listing(one.api.stage.rollout, other))
            return
        call.begin()
        call.event("MODIFIED", other)
        time.sleep(0.1)
        one.becomes(lambda stage: stage.at_step(2))
        call.event("MODIFIED", one.api.stage.rollout)

    one.api.instead["GET rollouts"] = rollouts
    one.api.on[STATUS] = lambda call: call.reply(200, one.api.stage.rollout)
    assert acted(one).outcome is Outcome.DONE


def test_no_watch_goes_on_after_it(one: UsualApplication) -> None:
    before = set(threading.enumerate())
    one.api.shows(paused())
    one.status_writes(lambda: (lambda stage: stage.at_step(2),))
    acted(one)
    for watch in (each for each in set(threading.enumerate()) - before if each.name.startswith("watch ")):
        watch.join(1)
        assert not watch.is_alive()


def test_a_journal_that_cannot_be_written_forbids_it(no_journal: UsualApplication) -> None:
    one = no_journal
    one.api.shows(paused())
    with pytest.raises(RefusedError):
        acted(one)
    assert one.api.writes == []
    assert ROLLOUT not in one.api.writes


def test_who_is_stopped_after_a_write_had_begun_is_not_told_that_nothing_was_written(one: UsualApplication) -> None:
    one.api.shows(paused())
    one.api.on[STATUS] = lambda call: call.reply(200, one.api.stage.rollout)
    waiting = one.start("promote", "payments", "--full", "--timeout", "30s", "-o", "json")
    waiting.wait_for_line(": done")
    time.sleep(0.3)  # until it waits: what comes in the moment before is noticed with the next event of the watch only
    waiting.send(signal.SIGINT)
    left = waiting.finish()
    assert left.code == left.report["exitCode"] == 11, left.told()
    assert "nothing was written" not in left.told()
    assert "stopped after a write had begun" in left.told()
    assert one.api.writes == [STATUS]
