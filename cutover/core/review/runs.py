"""Lists the runs that can be found: in the cluster by their marks, on this machine by their journals."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from cutover.core.base.documents import at, text
from cutover.core.base.frozen import frozen
from cutover.core.base.run_name import is_run_name
from cutover.core.base.target import Target
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.lease import lease_name
from cutover.core.writes.lock_holder import holder_of
from cutover.core.writes.run_annotations import Marks, marks_of

UNFINISHED: Final = "unfinished"
"""The outcome of a run whose journal has no end."""

ELSEWHERE: Final = "ended elsewhere"
"""The outcome of a run whose journal has no end and that was ended on another computer."""


@frozen
class RunLine:
    """One run. `outcome` is `unfinished` while its marks stand, or if its record has no end.

    `where` is `cluster`, `here` or `both`; `holder` names the process that holds its lock, if any. `began` is in
    seconds since the epoch, 0 if it is not known.
    """

    run: str
    target: str
    plan: str
    outcome: str
    where: str
    holder: str = ""
    began: float = 0.0


def runs_in(rollouts: Iterable[RolloutView], leases: Iterable[LeaseView]) -> tuple[RunLine, ...]:
    """Return the runs whose marks stand in the cluster; none of them is finished."""
    by_name = {(lease.meta.namespace, lease.meta.name): lease for lease in leases}
    return tuple(_marked(rollout, by_name) for rollout in rollouts if not _unmarked(rollout))


def _unmarked(rollout: RolloutView) -> bool:
    return marks_of(rollout.meta.annotations) is None


def _marked(rollout: RolloutView, leases: Mapping[tuple[str, str], LeaseView]) -> RunLine:
    marks = marks_of(rollout.meta.annotations)
    target = Target(rollout.meta.name, rollout.meta.namespace)
    lease = leases.get((target.namespace, lease_name(target)))
    return RunLine(
        run="" if marks is None else marks.run,
        target=str(target),
        plan=marks.plan if isinstance(marks, Marks) else "",
        outcome=UNFINISHED,
        where="cluster",
        holder=str(holder_of(lease)) if lease is not None and lease.holder else "",
        began=marks.began if isinstance(marks, Marks) else 0.0,
    )


def run_of(journal: Iterable[Any]) -> tuple[RunLine, ...]:
    """Return the run of a journal; none if its command was about no run."""
    lines = tuple(journal)
    begin: Any = next((line for line in lines if text(line, "kind") == "begin"), {})
    run, command = text(begin, "run"), text(begin, "command")
    if not is_run_name(run) or command not in {"apply", "resume", "abort"}:
        return ()
    ends = [text(line, "data", "outcome") for line in lines if text(line, "kind") == "ended"]
    moments = [float(at(line, "at") or 0.0) for line in lines if at(line, "at")]
    outcome = ends[-1] if ends else UNFINISHED
    return (RunLine(run, text(begin, "target"), text(begin, "plan"), outcome, "here", began=min(moments, default=0.0)),)


def together(here: Iterable[RunLine], cluster: Iterable[RunLine], *, looked: bool) -> tuple[RunLine, ...]:
    """Return every run once, the newest first; if both know a run, the cluster's line wins over the journal's.

    `looked`: the cluster was read. Then a run without an end here and without marks there has ended elsewhere.
    """
    known: dict[str, RunLine] = {}
    for line in sorted(here, key=lambda line: line.began):
        unended = looked and line.outcome == UNFINISHED
        known[line.run] = replace(line, outcome=ELSEWHERE) if unended else line
    for line in cluster:
        where = "both" if line.run in known else "cluster"
        known[line.run] = replace(line, where=where)
    return tuple(sorted(known.values(), key=lambda line: (line.run, line.target), reverse=True))
