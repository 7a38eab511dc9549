"""`cutover status`, in process: it reads, names what it sees, and shows no value."""

import pytest

from cutover.commands.status import look_at
from cutover.core.base.errors import RefusedError, UnreachableError
from cutover.core.review.status import Status
from tests.adapters.kube.server import Call
from tests.commands.application import UsualApplication, owned
from tests.core.engine.stage import BASE, NEW, opening, unscheduled
from tests.quotations import unmasked


def seen(one: UsualApplication) -> Status:
    return look_at("payments", "payments", one.kubeconfig, "")


def test_a_canary_at_its_pause_is_shown_with_its_run(one: UsualApplication) -> None:
    one.api.shows(owned().comes_to_the_pause().stage)
    status = seen(one)
    assert (status.at_pause, status.run) == (True, "run-1")
    assert [(line.pod_hash, line.role, line.ready) for line in status.revisions] == [
        (BASE, "stable", 4),
        (NEW, "canary", 1),
    ]
    assert {each.method for each in one.api.seen} == {"GET"}


def test_what_the_controller_says_is_masked_by_the_patterns_of_credentials(one: UsualApplication) -> None:
    one.api.shows(opening().phase("Degraded", "postgres://app:planted-pass-9@db refused"))
    message = unmasked(seen(one).phase.message)
    assert "planted-pass-9" not in message
    assert "refused" in message


def test_what_the_scheduler_says_of_a_pod_is_masked_too(one: UsualApplication) -> None:
    told = "0/3 nodes are available: postgres://app:planted-pass-9@db"
    one.api.shows(owned().comes_to_the_pause().stage.canary_pod(ready=False, **unscheduled(told)))
    (state,) = [unmasked(pod.state) for line in seen(one).revisions if line.role == "canary" for pod in line.pods]
    assert "planted-pass-9" not in state
    assert state.startswith("no node: 0/3 nodes are available")


def test_a_rollout_that_is_not_there_is_refused_and_the_others_are_named(one: UsualApplication) -> None:
    one.api.instead["GET namespaces/payments"] = lambda call: call.reply(200, {"kind": "Namespace"})
    with pytest.raises(RefusedError) as refused:
        look_at("paymets", "payments", one.kubeconfig, "")
    assert refused.value.problems[0].remedy.endswith("there are: payments")


def test_an_api_server_that_breaks_off_is_unreachable(one: UsualApplication) -> None:
    one.api.instead["GET rollouts/payments"] = Call.cut
    with pytest.raises(UnreachableError):
        seen(one)
