"""The table of causes that can end a run: the code of each, its usual attribution and the run's reaction.

The rows are in order of precedence: when several causes are certain at once, the one higher in the table wins.
Somebody else's act stands above its consequences, and a cause that names the fault stands above the deadline that the
fault would run into.
"""

from enum import StrEnum
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Attribution


class Reaction(StrEnum):
    """How the run reacts to a cause.

    `FAIL`: run the failure transaction (abort, restore, verify). `INTERRUPT`: the same, requested by an operator.
    `YIELD`: write nothing more, because somebody else took over. `STOP`: write nothing more, because stable itself
    fails. `BLIND`: write nothing more, because the cluster cannot be read.
    """

    FAIL = "fail"
    INTERRUPT = "interrupt"
    YIELD = "yield"
    STOP = "stop"
    BLIND = "blind"


@frozen
class CauseRule:
    """One row of the table: the code, its usual attribution, the run's reaction (`reaction`) and the code's meaning."""

    code: str
    attribution: Attribution
    reaction: Reaction
    meaning: str


PRECEDENCE: Final = (
    CauseRule("deleted", Attribution.PERSON, Reaction.YIELD, "the Rollout was deleted, or deleted and made anew"),
    CauseRule("superseded", Attribution.PERSON, Reaction.YIELD, "somebody else changed the template or the strategy"),
    CauseRule("taken-over", Attribution.PERSON, Reaction.YIELD, "another process took the run over, or ended it"),
    CauseRule("undone", Attribution.PERSON, Reaction.YIELD, "somebody else put the old template back"),
    CauseRule("abort-asked", Attribution.PERSON, Reaction.FAIL, "a person asked for the abort with `cutover abort`"),
    CauseRule("interrupted", Attribution.PERSON, Reaction.INTERRUPT, "a person or the system asked the run to stop"),
    CauseRule("stable-sick", Attribution.STABLE, Reaction.STOP, "stable is not whole while a canary pod is Ready"),
    CauseRule("stable-lost", Attribution.STABLE, Reaction.FAIL, "stable is not whole and no canary pod is Ready"),
    CauseRule(
        "mutated", Attribution.INFRASTRUCTURE, Reaction.FAIL, "the stored template is not the one that was written"
    ),
    CauseRule(
        "answer-lost", Attribution.INFRASTRUCTURE, Reaction.FAIL, "the answer to the write was lost; it took no effect"
    ),
    CauseRule("invalid-spec", Attribution.CONFIG, Reaction.FAIL, "the controller calls the new spec invalid"),
    CauseRule("replicaset-refused", Attribution.CAPACITY, Reaction.FAIL, "the new ReplicaSet could not be created"),
    CauseRule("pod-refused", Attribution.CAPACITY, Reaction.FAIL, "the canary's pods could not be created"),
    CauseRule("config-missing", Attribution.CONFIG, Reaction.FAIL, "a Secret, ConfigMap or key does not exist"),
    CauseRule(
        "image", Attribution.INFRASTRUCTURE, Reaction.FAIL, "the image cannot be used; the plan does not change it"
    ),
    CauseRule("crash-loop", Attribution.CONFIG, Reaction.FAIL, "the changed container exits again and again"),
    CauseRule("relapse", Attribution.CONFIG, Reaction.FAIL, "a pod of the canary was Ready and is no longer"),
    CauseRule("analysis", Attribution.METRIC, Reaction.FAIL, "an analysis of the canary failed"),
    CauseRule("deadman", Attribution.CONFIG, Reaction.FAIL, "the dead-man that the run armed aborted the canary"),
    CauseRule("progress-deadline", Attribution.CONFIG, Reaction.FAIL, "the Rollout's own progress deadline aborted it"),
    CauseRule("aborted", Attribution.PERSON, Reaction.FAIL, "somebody else aborted the canary"),
    CauseRule("unschedulable", Attribution.CAPACITY, Reaction.FAIL, "a pod of the canary found no place in time"),
    CauseRule("deadline", Attribution.CONFIG, Reaction.FAIL, "a pod of the canary was not Ready in time"),
    CauseRule("not-whole", Attribution.UNKNOWN, Reaction.FAIL, "the promoted revision did not reach its full size"),
    CauseRule(
        "not-adopted", Attribution.INFRASTRUCTURE, Reaction.FAIL, "the controller did not take up the new template"
    ),
    CauseRule("timeout", Attribution.UNKNOWN, Reaction.FAIL, "the time given to the whole run is over"),
    CauseRule("blind", Attribution.INFRASTRUCTURE, Reaction.BLIND, "the cluster could not be read for too long"),
    CauseRule("unknown-intent", Attribution.UNKNOWN, Reaction.FAIL, "what a dead run meant cannot be told"),
    CauseRule("defect", Attribution.UNKNOWN, Reaction.FAIL, "a defect in cutover itself, after the write"),
)

_RANK: Final = {rule.code: rank for rank, rule in enumerate(PRECEDENCE)}


def rule(code: str) -> CauseRule:
    """Return the table row of a code; `KeyError` for a code that is not in the table, which is a bug."""
    return PRECEDENCE[_RANK[code]]


def rank(code: str) -> int:
    """Return the position of a code in the table; 0 is the strongest."""
    return _RANK[code]
