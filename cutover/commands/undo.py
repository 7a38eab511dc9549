"""`cutover undo`: read the stored report of a run, check that it promoted, read the cluster, make the plan back."""

from dataclasses import replace

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.plan_files import refuse_existing
from cutover.adapters.report_files import read_report, reported_runs
from cutover.commands.init import UNNAMED, put
from cutover.commands.resolve_inputs import redactor_for
from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.review.kept_report import KeptReport, kept_report, unknown_run
from cutover.core.review.new_plan import NewPlan
from cutover.core.review.undo_plan import demand_promoted, undo_plan


@frozen
class UndoOptions:
    """The command line. `out` is empty for standard output; an existing file is overwritten only with `force`."""

    run: str
    namespace: str = ""
    kubeconfig: str = ""
    context: str = ""
    out: str = ""
    force: bool = False


def undo_run(wanted: UndoOptions) -> NewPlan:
    """Make the plan that undoes a run, and write it to its file if one is named.

    Raises:
        CutoverError: the run is not known here, cannot be undone by a plan, or the cluster is not as the run left it.
    """
    kept = _kept(wanted.run)
    _agree(wanted, kept)
    demand_promoted(kept)
    if wanted.out and not wanted.force:
        refuse_existing(wanted.out)
    session = connect(wanted.kubeconfig, wanted.context or kept.target.context)
    snapshot = read_snapshot(session, replace(kept.target, context=session.context))
    return put(
        undo_plan(kept, snapshot, redactor_for(session, snapshot), wanted.out or UNNAMED),
        wanted.out,
        force=wanted.force,
    )


def _kept(run: str) -> KeptReport:
    known = reported_runs()
    if run not in known:
        raise unknown_run(run, known)
    return kept_report(run, read_report(run))


def _agree(wanted: UndoOptions, kept: KeptReport) -> None:
    """Refuse flags that disagree with the run: they must not direct its undo plan to another target."""
    pairs = (
        ("--context", wanted.context, kept.target.context),
        ("-n", wanted.namespace, kept.target.namespace),
    )
    problems = tuple(_disagreement(kept, *pair) for pair in pairs if pair[1] and pair[2] and pair[1] != pair[2])
    if problems:
        raise UsageError(*problems)


def _disagreement(kept: KeptReport, flag: str, flag_value: str, run_value: str) -> Problem:
    return Problem(f"{flag} says {flag_value!r}, run {kept.run} was in {run_value!r}", remedy=f"leave {flag} out")
