"""`cutover promote` and `cutover retry`: read the target, send one guarded write, watch for its effect, report."""

import time
from queue import Empty, SimpleQueue
from typing import Final

from cutover.adapters.kube import read
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.kube.watch import NamespaceWatch
from cutover.adapters.process_identity import this_process
from cutover.adapters.run_identity import run_id
from cutover.commands.connect import AppFlags, connect_app
from cutover.commands.report import ReportSubject, nothing_written, report_of
from cutover.commands.resolve_inputs import redactor_for
from cutover.commands.run_setup import (
    LAST_LINES_WITHIN,
    begin_record,
    demand,
    open_journal,
    record_event,
    run_context_of,
)
from cutover.core.base.cluster_text import sentence
from cutover.core.base.errors import Problem, StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Ending, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.engine.facts import Note
from cutover.core.engine.promote_retry import ActionVerb, OperatorAction, operator_action
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.objects.world import Synced, Upserted, WatchEvent
from cutover.core.review.report import PlanLine, Report
from cutover.core.writes.write import Accepted, Refused
from cutover.runtime.record import Listener
from cutover.runtime.run_context import RunContext

STOP_NOTICED_WITHIN: Final = 0.5
"""Seconds after which a wait for the effect looks up, so that a stop is noticed."""


@frozen
class ActionRequest:
    """What a person asked for. `shown` is the hash that they saw; the effect must show `within` so many seconds."""

    verb: ActionVerb
    shown: str = ""
    reason: str = ""
    within: float = 300.0
    dry_run: bool = False


def act(app: AppFlags, asked: ActionRequest, listeners: tuple[Listener, ...] = ()) -> Report:
    """Carry out the action, wait for its effect, and record who did it and why.

    Raises:
        CutoverError: the Rollout's state does not allow the action; nothing was written.
    """
    record = begin_record(listeners)
    session, target = connect_app(app)
    snapshot = read_snapshot(session, target)
    redactor = redactor_for(session, snapshot)
    record.knows(redactor)
    wanted = operator_action(asked.verb, target, snapshot.rollout, asked.shown)
    subject = ReportSubject("", PlanLine("", ""), target, redactor)
    if asked.dry_run:
        return report_of(subject, nothing_written(Outcome.PLANNED), record)
    holder = this_process(run_id())
    journal = open_journal(record, holder, asked.verb.value, target)
    demand(journal)
    context = run_context_of(session, record, journal, redactor)
    who, why = f"{holder.user}@{holder.host}", f": {asked.reason}" if asked.reason else ""
    record.add(Note(f"{who} asked for {asked.verb.value}{why}"))
    ending = _done(wanted, snapshot, context, asked.within)
    record_event(context, snapshot, wanted.event, f"{wanted.write.title} by {who}{why}: {ending.outcome.value}")
    journal.flush(LAST_LINES_WITHIN)
    return report_of(subject, ending, record)


def _done(wanted: OperatorAction, snapshot: Snapshot, context: RunContext, within: float) -> Ending:
    """Send the write, and wait on a watch for its effect; a fresh read confirms it."""
    events: SimpleQueue[WatchEvent] = SimpleQueue()
    watch = NamespaceWatch(context.session, snapshot.target.namespace, events.put)
    try:
        answer = context.performer().perform(wanted.write)
        if isinstance(answer, Refused):
            raise StaleError(_not_taken(snapshot.target, answer))
        seen = _seen(wanted, events, snapshot.target, within) and _is_so(wanted, context, snapshot.target)
    finally:
        watch.close()
    sent = wanted.write.title if isinstance(answer, Accepted) else f"{wanted.write.title} (its answer was lost)"
    if seen:
        return Ending(Outcome.DONE, None, wanted.spec, proven=(wanted.proven,))
    unproven = (f"{sent}: no effect was seen within {within:g} s",)
    command = f"kubectl argo rollouts get rollout {snapshot.target.rollout} -n {snapshot.target.namespace}"
    return Ending(Outcome.UNVERIFIED, None, SpecState.UNKNOWN, unproven=unproven, next=(command,))


def _seen(wanted: OperatorAction, events: "SimpleQueue[WatchEvent]", target: Target, within: float) -> bool:
    until = time.monotonic() + within
    while (left := until - time.monotonic()) > 0:
        try:
            # A Ctrl-C that comes just before the wait is noticed only when the wait ends.
            event = events.get(timeout=min(left, STOP_NOTICED_WITHIN))
        except Empty:
            continue
        if any(wanted.took_effect(rollout) for rollout in _rollouts(event, target)):
            return True
    return False


def _rollouts(event: WatchEvent, target: Target) -> tuple[RolloutView, ...]:
    match event:
        case Synced(_, views, _):
            shown = views
        case Upserted(_, view, _):
            shown = (view,)
        case _:
            shown = ()
    return tuple(view for view in shown if isinstance(view, RolloutView) and view.meta.name == target.rollout)


def _is_so(wanted: OperatorAction, context: RunContext, target: Target) -> bool:
    """Whether a fresh read of the Rollout, too, shows the effect; false if it cannot be read."""
    rollout = read.rollout(context.session, target)
    return isinstance(rollout, RolloutView) and wanted.took_effect(rollout)


def _not_taken(target: Target, answer: Refused) -> Problem:
    return Problem(
        sentence(f"the API server refused it ({answer.status}): ", answer.reason),
        path=f"{target.namespace}/{Resource.ROLLOUT}/{target.rollout}",
        remedy="look at `cutover status` again: somebody or something was quicker",
    )
