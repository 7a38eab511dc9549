"""`cutover diff` and `cutover check` on a cluster, in process: everything is read, nothing is written."""

import json
from dataclasses import replace

import pytest

from cutover.commands.connect import ClusterFlags, connect_plan, start_snapshot
from cutover.commands.diff import reviewer_diff, save_review
from cutover.commands.dry_run import with_admission
from cutover.commands.evaluate import ClusterEvaluation, evaluate_started
from cutover.commands.load_plan import load_file
from cutover.core.base.errors import CutoverError, StaleError, UnreachableError, UsageError
from cutover.core.patch.edit import EnvEdit
from cutover.render.diff_json import diff_json
from cutover.render.diff_markdown import diff_markdown
from cutover.render.diff_text import diff_text
from tests.adapters.kube.server import Call
from tests.commands.api import PLANTED
from tests.commands.application import WARNED, UsualApplication
from tests.core.engine.stage import OTHERS, opening
from tests.quotations import unmasked


def evaluated(one: UsualApplication, **flags: str) -> ClusterEvaluation:
    where = replace(ClusterFlags(kubeconfig=one.kubeconfig), **flags)
    return evaluate_started(start_snapshot(connect_plan(load_file(str(one.plan)), where)))


def test_a_plan_is_held_against_what_is_there_and_no_value_is_shown(one: UsualApplication) -> None:
    evaluation = with_admission(evaluated(one))
    diff = reviewer_diff(evaluation)
    assert [finding.code for finding in evaluation.findings] == WARNED
    assert [edit.variable for edit in evaluation.edits.edits if isinstance(edit, EnvEdit)] == ["DATABASE_URL"]
    assert PLANTED not in "".join((diff_text(diff), diff_json(diff), diff_markdown(diff)))
    assert one.api.writes == []


def test_a_reviewer_without_the_right_to_write_is_warned_and_not_refused(one: UsualApplication) -> None:
    message = 'rollouts.argoproj.io "payments" is forbidden: User "eve" cannot patch resource "rollouts"'
    one.api.dry = lambda call: call.refuse(403, "Forbidden", message)
    evaluation = with_admission(evaluated(one))
    assert not evaluation.refused
    assert "C092" in [finding.code for finding in evaluation.findings]


def test_what_cannot_be_read_is_no_reason_to_say_that_it_is_well(one: UsualApplication) -> None:
    one.api.instead["GET secrets/payments-db-b"] = lambda call: call.refuse(403, "Forbidden", "no")
    findings = evaluated(one).findings
    assert [finding for finding in findings if not finding.verified]


def test_a_key_that_is_not_there_refuses(one: UsualApplication) -> None:
    one.plan.write_text(one.plan.read_text().replace("key: url", "key: nothing"))
    evaluation = evaluated(one)
    assert evaluation.refused


def test_a_rollout_that_moves_while_it_is_asked_is_stale(one: UsualApplication) -> None:
    def moves(call: Call) -> None:
        one.api.shows(opening().spec(template=OTHERS))
        call.refuse(422, "Invalid", "the test failed")

    one.api.dry = moves
    with pytest.raises(StaleError):
        with_admission(evaluated(one))


@pytest.mark.parametrize("flags", [{"namespace": "elsewhere"}, {"context": "not-there"}])
def test_flags_that_disagree_with_the_plan_or_lead_nowhere_are_refused(
    flags: dict[str, str], one: UsualApplication
) -> None:
    with pytest.raises(CutoverError):
        evaluated(one, **flags)
    assert one.api.writes == []


def test_an_api_server_that_breaks_off_is_unreachable(one: UsualApplication) -> None:
    one.api.instead["GET replicasets"] = Call.cut
    with pytest.raises(UnreachableError):
        evaluated(one)


def test_a_review_is_kept_without_a_value(one: UsualApplication) -> None:
    kept = one.folder / "kept.json"
    save_review(evaluated(one), str(kept), valid_for=60.0, overwrite=False)
    assert PLANTED not in kept.read_text()
    one.plan = kept
    assert not evaluated(one).refused
    one.api.shows(opening().spec(template=OTHERS))
    with pytest.raises(StaleError):
        evaluated(one)


def test_a_review_that_is_too_old_is_stale_and_nothing_is_written(one: UsualApplication) -> None:
    kept = one.folder / "kept.json"
    save_review(evaluated(one), str(kept), valid_for=60.0, overwrite=False)
    expired = {"reviewed": "2026-01-01T00:00:00Z", "expires": "2026-01-02T00:00:00Z"}
    kept.write_text(json.dumps(json.loads(kept.read_text()) | expired))
    one.plan = kept
    with pytest.raises(StaleError) as stale:
        one.apply()
    assert "good until 2026-01-02 00:00:00 UTC" in str(stale.value.problems)
    assert (one.api.writes, one.dry_runs) == ([], [])


def test_a_plan_that_spells_a_secret_out_is_not_kept(one: UsualApplication) -> None:
    spelled = "    - env: {name: API_TOKEN, container: app, value: tok-planted-in-a-plan}\n"
    one.plan.write_text(one.plan.read_text() + spelled)
    kept = one.folder / "kept.json"
    with pytest.raises(UsageError) as refused:
        save_review(evaluated(one), str(kept), valid_for=60.0, overwrite=False)
    assert "the plan spells out a value that is never shown" in unmasked(refused.value.problems[0].message)
    assert "tok-planted-in-a-plan" not in str(refused.value.problems)
    assert not kept.exists()
