"""`cutover runs`, in process: those of this computer and those of the cluster, and what could not be looked at."""

from cutover.adapters.process_identity import this_process
from cutover.commands.run_setup import begin_record, open_journal
from cutover.commands.runs import FoundRuns, find_runs
from cutover.core.base.resources import Resource
from tests.adapters.kube.server import Call
from tests.commands.application import UsualApplication, owned
from tests.core.engine.stage import TARGET
from tests.runtime.leases import BOB, lease


def found(one: UsualApplication, namespace: str = "payments") -> FoundRuns:
    return find_runs(namespace, one.kubeconfig, "")


def test_a_run_that_is_under_way_elsewhere_is_found_by_its_marks_and_its_lock(one: UsualApplication) -> None:
    one.api.shows(owned().comes_to_the_pause().stage)
    one.api.others[Resource.LEASE] = (lease(BOB),)
    result = found(one)
    assert [(run.run, run.outcome) for run in result.runs] == [("run-1", "unfinished")]
    assert result.unseen == ()


def promoted(one: UsualApplication) -> None:
    one.promotes()
    one.apply()


def test_a_run_of_this_computer_is_told_with_its_outcome(one: UsualApplication) -> None:
    promoted(one)
    assert [(run.plan, run.outcome) for run in found(one).runs] == [("payments-to-b", "promoted")]
    assert found(one, "elsewhere").runs == ()


def test_without_a_cluster_the_runs_of_this_computer_are_told_and_what_was_not_seen(one: UsualApplication) -> None:
    promoted(one)
    one.api.instead["GET rollouts"] = Call.cut
    result = found(one)
    assert [run.outcome for run in result.runs] == ["promoted"]
    assert result.unseen
    nowhere = find_runs("", one.kubeconfig, "not-there")
    assert [run.outcome for run in nowhere.runs] == ["promoted"]
    assert nowhere.unseen[0].startswith("the cluster: ")


def test_without_the_right_to_see_locks_the_marks_are_told(one: UsualApplication) -> None:
    one.api.shows(owned().comes_to_the_pause().stage)
    one.api.instead["GET leases"] = lambda call: call.refuse(403, "Forbidden", "no")
    result = found(one)
    assert [run.run for run in result.runs] == ["run-1"]
    assert "leases" in result.unseen[0]


def test_a_run_without_an_end_here_ended_elsewhere_only_if_the_cluster_was_seen(one: UsualApplication) -> None:
    journal = open_journal(begin_record(()), this_process("run-7"), "apply", TARGET, "payments-to-b")
    assert journal.flush(5.0)
    assert [(run.run, run.outcome) for run in found(one).runs] == [("run-7", "ended elsewhere")]
    one.api.instead["GET leases"] = Call.cut
    assert [(run.run, run.outcome) for run in found(one).runs] == [("run-7", "unfinished")]
