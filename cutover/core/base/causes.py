"""Every cause that a run can end with: its code, what it is put down to, and what the run does about it.

One table, strongest first: when several are certain at once, the one that stands higher wins. A cause that somebody
else's act explains stands above what that act leads to; one that names the fault stands above the deadline that it
would run into.
"""

from enum import StrEnum
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Attribution


class Course(StrEnum):
    """What follows from a cause.

    `FAIL`: the failure transaction (abort, restore, verify). `INTERRUPT`: the same, wished by a person. `YIELD`:
    write nothing more, somebody else took over. `STOP`: touch nothing, stable is the sick side. `BLIND`: the cluster
    cannot be seen.
    """

    FAIL = "fail"
    INTERRUPT = "interrupt"
    YIELD = "yield"
    STOP = "stop"
    BLIND = "blind"


@frozen
class Rule:
    """One row: the code, the usual attribution, the course, and what the code means."""

    code: str
    attribution: Attribution
    course: Course
    meaning: str


PRECEDENCE: Final = (
    Rule("deleted", Attribution.PERSON, Course.YIELD, "the Rollout was deleted, or deleted and made anew"),
    Rule("superseded", Attribution.PERSON, Course.YIELD, "somebody else changed the template or the strategy"),
    Rule("taken-over", Attribution.PERSON, Course.YIELD, "another process took the run over, or ended it"),
    Rule("undone", Attribution.PERSON, Course.YIELD, "somebody else put the old template back"),
    Rule("abort-asked", Attribution.PERSON, Course.FAIL, "a person asked for the abort with `cutover abort`"),
    Rule("interrupted", Attribution.PERSON, Course.INTERRUPT, "a person or the system asked the run to stop"),
    Rule("stable-sick", Attribution.STABLE, Course.STOP, "stable is not whole while a canary pod is Ready"),
    Rule("stable-lost", Attribution.STABLE, Course.FAIL, "stable is not whole and no canary pod is Ready"),
    Rule("mutated", Attribution.INFRASTRUCTURE, Course.FAIL, "the stored template is not the one that was written"),
    Rule("answer-lost", Attribution.INFRASTRUCTURE, Course.FAIL, "the answer to the write was lost; it took no effect"),
    Rule("invalid-spec", Attribution.CONFIG, Course.FAIL, "the controller calls the new spec invalid"),
    Rule("replicaset-refused", Attribution.CAPACITY, Course.FAIL, "the new ReplicaSet could not be created"),
    Rule("pod-refused", Attribution.CAPACITY, Course.FAIL, "the canary's pods could not be created"),
    Rule("config-missing", Attribution.CONFIG, Course.FAIL, "a Secret, ConfigMap or key does not exist"),
    Rule("image", Attribution.INFRASTRUCTURE, Course.FAIL, "the image cannot be used; the plan does not change it"),
    Rule("crash-loop", Attribution.CONFIG, Course.FAIL, "the changed container exits again and again"),
    Rule("relapse", Attribution.CONFIG, Course.FAIL, "a pod of the canary was Ready and is no longer"),
    Rule("analysis", Attribution.METRIC, Course.FAIL, "an analysis of the canary failed"),
    Rule("deadman", Attribution.CONFIG, Course.FAIL, "the dead-man that the run armed aborted the canary"),
    Rule("progress-deadline", Attribution.CONFIG, Course.FAIL, "the Rollout's own progress deadline aborted it"),
    Rule("aborted", Attribution.PERSON, Course.FAIL, "somebody else aborted the canary"),
    Rule("unschedulable", Attribution.CAPACITY, Course.FAIL, "a pod of the canary found no place in time"),
    Rule("deadline", Attribution.CONFIG, Course.FAIL, "a pod of the canary was not Ready in time"),
    Rule("not-whole", Attribution.UNKNOWN, Course.FAIL, "the promoted revision did not reach its full size"),
    Rule("not-adopted", Attribution.INFRASTRUCTURE, Course.FAIL, "the controller did not take up the new template"),
    Rule("timeout", Attribution.UNKNOWN, Course.FAIL, "the time given to the whole run is over"),
    Rule("blind", Attribution.INFRASTRUCTURE, Course.BLIND, "the cluster could not be read for too long"),
    Rule("unknown-intent", Attribution.UNKNOWN, Course.FAIL, "what a dead run meant cannot be told"),
    Rule("defect", Attribution.UNKNOWN, Course.FAIL, "a defect in cutover itself, after the write"),
)

_RANK: Final = {rule.code: rank for rank, rule in enumerate(PRECEDENCE)}


def rule(code: str) -> Rule:
    """The row of a code; a code that is not in the table is a bug."""
    return PRECEDENCE[_RANK[code]]


def rank(code: str) -> int:
    """How strong a code is: 0 is the strongest."""
    return _RANK[code]
