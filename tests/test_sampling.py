"""`make test` leaves parts of the matrices to `make test-all`; what each run has to see on the real cluster is here.

A test that is marked `whole` or `sampled` may be left out. So each exit code, each kind of change, each signal of the
system, each cause that ends a run, and each test that proves a guarantee below `tests/e2e/` needs one there that is
not; and whoever marks a test `whole` names the test that says the same in every run.
"""

import ast
import re
from typing import Final

import pytest

from cutover.core.base.causes import PRECEDENCE
from cutover.core.base.outcomes import DIFFERENCES_FOUND, EXIT_CODES, Outcome
from cutover.core.patch.change_kinds import ALL
from tests import sampling
from tests.e2e.kills import test_killed
from tests.e2e.kills.rows import FEWEST
from tests.kept_tests import ROOT, NamedTest, all_tests, code_of, files_below, is_kept, is_sampled, marks_of
from tests.sampling import drawn

GUARANTEES: Final = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
ROWS: Final = {row.split("|")[1].strip(): row for row in GUARANTEES.splitlines() if row.startswith("|") and "`" in row}
TESTS: Final = tuple(place for file in files_below("tests") for place in all_tests(file))

SEEN_AS: Final = {
    "env": r"to_secret\(",
    "configMap": r"configMap: \{",
    "secret": r"secret: \{",
    "database": r"database: \{",
    "oidc": r"oidc: \{",
    "patch": r"patch: \[",
}
"""How a test writes a change of each kind."""

RUNS_IT: Final = re.compile(r"\b(applied|promoted|held|carry_out)\(|'apply'")
"""How a test carries a plan out."""


# -- what each run sees ------------------------------------------------------------------------------------------------


def seen_in_every_run(*patterns: str | re.Pattern[str]) -> bool:
    """Whether a test on the cluster that each run takes has all of these in its code, or in that of its helpers.

    Of tests of a file that are `sampled` each run takes at least one: all of them have to have it.
    """
    for file in files_below("tests/e2e"):
        shows = {place: all(re.search(each, code_of(place)) for each in patterns) for place in all_tests(file)}
        sampled = [shown for place, shown in shows.items() if is_sampled(place)]
        if any(shown for place, shown in shows.items() if is_kept(place)) or (sampled and all(sampled)):
            return True
    return False


@pytest.mark.parametrize("code", sorted({*EXIT_CODES.values(), DIFFERENCES_FOUND} - {EXIT_CODES[Outcome.ERROR]}))
def test_each_exit_code_is_seen_in_every_run(code: int) -> None:
    """All but that of a defect of our own, which no cluster brings about (`tests/cli/test_error_handling.py`)."""
    assert seen_in_every_run(rf"\.code == {code}\b|code, .*\) == \({code}, ")


@pytest.mark.parametrize("kind", [kind.name for kind in ALL])
def test_each_kind_of_change_is_carried_out_in_every_run(kind: str) -> None:
    assert seen_in_every_run(SEEN_AS[kind], RUNS_IT)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_each_signal_of_the_system_is_seen_in_every_run(name: str) -> None:
    assert seen_in_every_run(rf"\bsignal\.{name}\b")


# -- each cause that ends a run ----------------------------------------------------------------------------------------

BAD_PLAN: Final = "test_bad_plan.py::test_a_bad_plan_is_held_and_named"
NO_POD_RUNS: Final = "test_bad_plan.py::test_a_template_of_which_no_pod_can_run_is_held_and_named"
BROUGHT_ABOUT: Final = {
    "deleted": "test_others.py::test_a_deleted_rollout_ends_the_run",
    "superseded": "test_others.py::test_somebody_elses_template_is_left_alone",
    "taken-over": "test_verbs.py::test_the_abort_of_a_live_run_goes_all_the_way_back_and_the_run_lets_go",
    "undone": "test_others.py::test_the_very_old_value_put_back_by_hand_is_an_undo_and_is_verified",
    "abort-asked": "test_verbs.py::test_the_abort_of_a_live_run_goes_all_the_way_back_and_the_run_lets_go",
    "interrupted": "test_interrupted.py::test_a_stopped_run_puts_the_old_values_back",
    "stable-sick": "test_stable_fails.py::test_where_only_the_canary_is_ready_nothing_is_touched_and_a_human_is_called",
    "stable-lost": "test_stable_fails.py::test_where_nothing_is_ready_the_run_goes_back_and_stable_is_seen_to_recover",
    "mutated": "test_mutating_webhook.py::test_a_change_that_only_the_write_shows_is_restored_at_once_and_named",
    "answer-lost": "test_lost_writes.py::test_a_cutover_that_is_lost_on_its_way_changes_nothing",
    "invalid-spec": NO_POD_RUNS,
    "replicaset-refused": "test_bad_plan.py::test_a_quota_on_replicasets_fails_the_run_before_adoption",
    "pod-refused": "test_bad_plan.py::test_a_quota_on_pods_is_named_as_capacity",
    "config-missing": "test_bad_plan.py::test_a_key_that_vanishes_between_check_and_pod_start_is_named_at_once",
    "image": NO_POD_RUNS,
    "crash-loop": BAD_PLAN,
    "relapse": BAD_PLAN,
    "analysis": "test_policies.py::test_a_failed_analysis_is_named_as_the_cause",
    "deadman": "test_resume.py::test_the_controllers_own_abort_by_the_dead_man_is_ours",
    "progress-deadline": "test_bad_plan.py::test_the_rollouts_own_deadline_that_aborts_is_named",
    "aborted": "test_others.py::test_a_persons_abort_is_finished_by_the_restore",
    "unschedulable": NO_POD_RUNS,
    "deadline": BAD_PLAN,
    "not-adopted": "test_controller_gone.py::test_a_stopped_controller_is_no_success_and_the_spec_is_restored",
    "timeout": "test_bad_plan.py::test_the_time_for_the_whole_run_ends_in_a_held_run",
    "unknown-intent": "test_resume.py::test_a_verdict_that_nobody_can_read_means_going_back",
    "defect": "test_internal_errors.py::test_a_defect_in_judging_leads_to_the_failure_transaction",
}
"""The test below `tests/e2e/` that ends by each cause, and asserts its code."""

NOT_BROUGHT_ABOUT: Final = {
    # Argo calls a revision stable once all its pods are available. What takes one away after that has a name of its
    # own, above this one: relapse, crash-loop, deadline, pod-refused, unschedulable.
    "not-whole": "tests/core/engine/test_after_promotion.py::"
    "test_a_promoted_revision_that_does_not_reach_its_size_leads_back",
    # It takes five minutes in which the API server answers nothing, after a run began well.
    "blind": "tests/core/engine/test_blindness.py::test_five_minutes_of_blindness_end_the_run_without_another_write",
}
"""Why no test on the cluster ends by this cause, and the test of the engine that does."""


@pytest.mark.parametrize("code", [rule.code for rule in PRECEDENCE])
def test_each_cause_ends_a_run_in_every_run(code: str) -> None:
    assert (code in BROUGHT_ABOUT) is not (code in NOT_BROUGHT_ABOUT)
    place = named(f"tests/e2e/{BROUGHT_ABOUT[code]}" if code in BROUGHT_ABOUT else NOT_BROUGHT_ABOUT[code])
    assert is_kept(place), place
    assert re.search(rf"'{code}'", code_of(place)), f"{place} does not name it"


def test_no_cause_is_named_that_ends_no_run() -> None:
    assert {*BROUGHT_ABOUT, *NOT_BROUGHT_ABOUT} == {rule.code for rule in PRECEDENCE}


def named(path: str) -> NamedTest:
    """The test of `path::name`."""
    file, _, name = path.partition("::")
    return file, name


# -- each guarantee ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guarantee", ROWS)
def test_each_test_that_proves_a_guarantee_is_part_of_every_run(guarantee: str) -> None:
    """Of a file that is named as a whole at least one test is."""
    row = ROWS[guarantee]
    names = set(re.findall(r"`(test_\w+)`", row))
    tests = [place for place in TESTS if place[1] in names]
    files = re.findall(r"`(tests/[\w/]+/test_\w+\.py)`", row)
    assert [place for place in tests if not is_kept(place)] == []
    assert [file for file in files if not any(is_kept(place) or is_sampled(place) for place in all_tests(file))] == []


# -- what only a whole run takes ---------------------------------------------------------------------------------------

WHOLE: Final = {place: mark for place in TESTS for mark in marks_of(place) if ".whole" in ast.unparse(mark)}


@pytest.mark.parametrize("place", WHOLE, ids="::".join)
def test_what_only_a_whole_run_says_on_the_cluster_another_test_says_in_every_run(place: NamedTest) -> None:
    """`whole` names that test, or those: `@pytest.mark.whole("tests/commands/test_x.py::test_name")`."""
    mark = WHOLE[place]
    substitutes = [ast.literal_eval(each) for each in mark.args] if isinstance(mark, ast.Call) else []
    assert substitutes, "no other test is named"
    assert [path for path in substitutes if not is_kept(named(path)) or named(path) == place] == []


# -- samples -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 10])
def test_a_sample_is_the_seeds_and_in_order(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE", False)
    rows = [f"row {index}" for index in range(10)]
    taken = drawn("a matrix", rows, number)
    assert (len(taken), taken) == (number, sorted(taken))
    assert drawn("a matrix", rows, number) == taken


def test_another_seed_draws_another_sample_and_a_whole_run_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE", False)
    samples = set()
    for seed in ("1", "2", "3", "4"):
        monkeypatch.setattr(sampling, "SEED", seed)
        samples.add(tuple(drawn("a matrix", range(100), 3)))
    assert len(samples) > 1
    monkeypatch.setattr(sampling, "WHOLE", True)
    assert drawn("a matrix", range(100), 3) == list(range(100))


@pytest.mark.parametrize("kind", FEWEST)
def test_whatever_the_seed_a_row_of_the_kill_matrix_is_at_a_write_that_every_run_has(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sampling, test_killed):
        monkeypatch.setattr(module, "WHOLE", False)
    drawn_at = set()
    for seed in range(300):
        monkeypatch.setattr(sampling, "SEED", str(seed))
        counts = test_killed.numbers(kind, {False: lambda: 0, True: lambda: 0})
        ((deadman, number, _),) = test_killed.rows(kind, counts)
        drawn_at.add((deadman, number))
    assert drawn_at == {(dead, number) for dead in (False, True) for number in range(1, FEWEST[kind][dead] + 1)}
