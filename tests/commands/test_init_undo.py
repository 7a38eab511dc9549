"""`cutover init` and `cutover undo`, in process: a plan is made of what is read, put into a file, and read back."""

from pathlib import Path

import pytest

from cutover.adapters.report_files import save_report
from cutover.commands.init import InitOptions, init_plan
from cutover.commands.undo import UndoOptions, undo_run
from cutover.core.base.errors import CutoverError, UsageError
from cutover.core.plan.load import load
from cutover.core.review.new_plan_flags import NewPlanFlags
from cutover.core.review.report import Report
from cutover.render.report_json import report_json
from tests.commands.api import PLANTED
from tests.commands.application import UsualApplication

FLAGS = NewPlanFlags("payments", container="app", secrets=("DATABASE_URL=payments-db-b/url",))


def test_a_plan_for_what_is_there_is_written_and_reads_back(one: UsualApplication, tmp_path: Path) -> None:
    out = tmp_path / "new.yaml"
    made = init_plan(InitOptions(FLAGS, one.kubeconfig, out=str(out)))
    assert out.read_text() == made.text
    assert load(made.text, "new.yaml").target.rollout == "payments"
    assert {each.method for each in one.api.seen} == {"GET"}
    assert PLANTED not in made.text


@pytest.mark.parametrize("context", ["", "here"])
def test_only_a_context_that_was_named_stands_in_the_plan(context: str, one: UsualApplication) -> None:
    made = init_plan(InitOptions(FLAGS, one.kubeconfig, context))
    assert (made.plan.target.context, load(made.text, "new.yaml").target.context) == (context, context)


def test_a_file_that_is_there_is_kept_before_the_cluster_is_asked(one: UsualApplication, tmp_path: Path) -> None:
    out = tmp_path / "new.yaml"
    out.write_text("mine")
    with pytest.raises(UsageError):
        init_plan(InitOptions(FLAGS, one.kubeconfig, out=str(out)))
    assert (out.read_text(), one.api.seen) == ("mine", [])
    init_plan(InitOptions(FLAGS, one.kubeconfig, out=str(out), force=True))
    assert out.read_text() != "mine"


def test_a_command_line_that_is_wrong_asks_nobody(one: UsualApplication) -> None:
    with pytest.raises(UsageError):
        init_plan(InitOptions(NewPlanFlags("payments"), one.kubeconfig))
    assert one.api.seen == []


def promoted(one: UsualApplication) -> Report:
    one.promotes()
    report = one.apply()
    save_report(report.run, report_json(report))
    return report


def test_a_promoted_run_is_undone_by_a_plan_with_the_old_reference(one: UsualApplication, tmp_path: Path) -> None:
    run = promoted(one).run
    made = undo_run(UndoOptions(run, kubeconfig=one.kubeconfig, out=str(tmp_path / "undo.yaml")))
    assert "payments-db-a" in (tmp_path / "undo.yaml").read_text()
    assert load(made.text, "undo.yaml").name


def test_flags_that_name_another_target_than_the_run_are_refused(one: UsualApplication) -> None:
    run = promoted(one).run
    asked = len(one.api.seen)
    with pytest.raises(UsageError):
        undo_run(UndoOptions(run, namespace="elsewhere", kubeconfig=one.kubeconfig))
    assert len(one.api.seen) == asked


def test_a_run_that_nobody_knows_is_not_undone(one: UsualApplication) -> None:
    with pytest.raises(CutoverError):
        undo_run(UndoOptions("20261128-100000-00000000", kubeconfig=one.kubeconfig))
    assert one.api.seen == []
