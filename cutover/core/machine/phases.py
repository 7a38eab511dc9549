"""The phases as a table: what each wants, what proves it, how long it may take, and what follows.

    forward   WRITE → ADOPT → CANARY → (HOLDING: over) → DISARM → SETTLE → BAKE → CONFIRM: over
    failed    ABORT → RESTORE → VERIFY: over          before promotion
    reverted  REVERT → READOPT → FORCE → REVERIFY: over   after it
    all       … → CLOSE: over                         where the run's marks are to be taken away (`closing`)

A rung of the way back that is refused, unclear or late leads to the next rung, never to a second try of its own kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from cutover.core.causes import Course
from cutover.core.lock import Held
from cutover.core.machine.brief import Brief
from cutover.core.machine.conditions import (
    CONTAINED_BY_ABORT,
    CONTAINED_BY_HOLD,
    HELD,
    HOLDING,
    PROMOTED_WHOLE,
    Condition,
    verify,
)
from cutover.core.machine.gate import open_pause, opens_at, passing_write
from cutover.core.machine.scene import Scene, scene_of
from cutover.core.machine.state import NEVER, Idle, Phase, State
from cutover.core.marks import PASSED
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.views.fields import Json
from cutover.core.views.rollout import RolloutView
from cutover.core.world import World
from cutover.core.writes.abort import abort_write
from cutover.core.writes.arming import disarm_write, disarming, is_armed
from cutover.core.writes.guards import fenced
from cutover.core.writes.marking import pass_write
from cutover.core.writes.promote import promote_full_write
from cutover.core.writes.restore import restore_write
from cutover.core.writes.write import Accepted, Operation, Write, WriteName


@dataclass(frozen=True, slots=True)
class Row:
    """One phase. `want` gives the write to send, keyed so that none is sent twice; `proof` reads the world alone.

    A `persistent` phase is not left because a write of its own was refused: its proof may come without.
    """

    proof: Callable[[State, Scene], bool]
    then: Phase
    want: Callable[[State, Scene], tuple[Write, ...]] = lambda _state, _scene: ()
    within: Callable[[State], float] = lambda _state: NEVER
    otherwise: Phase = Phase.OVER
    looks: bool = False
    persistent: bool = False


DISARM_TRIES: Final = 3

DENIED_WITHIN: Final = 3.0
"""Seconds for one last look at what stands."""


# -- what a phase wants ------------------------------------------------------------------------------------------------


def _cutover(state: State, _: Scene) -> tuple[Write, ...]:
    """Nothing is begun while a person is asked whether the run is to stop."""
    return state.brief.cutover if state.questioned_at == NEVER else ()


def _forward(state: State, scene: Scene) -> tuple[Write, ...]:
    """What takes the canary further. Nothing is promoted while the lock could not be renewed in time."""
    if not isinstance(scene.rollout, RolloutView) or not isinstance(scene.lock, Held):
        return ()
    return (*_passage(state, scene.rollout), *_promotion(state, scene.rollout, scene.now))


def _promotion(state: State, rollout: RolloutView, now: float) -> tuple[Write, ...]:
    if state.brief.promotion is Promotion.STEPS or now < opens_at(state):
        return ()
    return tuple(passing_write(state, rollout, pause) for pause in open_pause(state, rollout))


def _passage(state: State, rollout: RolloutView) -> tuple[Write, ...]:
    """That the point of no return was passed is noted where a run that finishes this one will look for it."""
    brief = state.brief
    if not state.past_no_return or not brief.owner or PASSED in rollout.meta.annotations:
        return ()
    return (fenced(pass_write(brief.target, brief.uid, brief.point_of_no_return.value), brief.owner),)


def _abort(state: State, _: Scene) -> tuple[Write, ...]:
    brief = state.brief
    return (fenced(abort_write(brief.target, brief.uid, state.canary_hash, brief.base_hash), brief.owner),)


def _restore(state: State, scene: Scene) -> tuple[Write, ...]:
    """Also where our own write is not known to stand: then T1 as computed is the guard.

    A dead-man that still is as it was armed goes in the same patch. Should somebody change it in that very moment, the
    old template is put back without it: another write, for another world. Without a T0 there is nothing to write.
    """
    if not state.brief.before or (state.written and _is_restored(state, scene)):
        return ()
    rollout = scene.rollout
    there = disarming(rollout, state.brief.armed) if isinstance(rollout, RolloutView) else ()
    return (
        restoring(state.brief, state.standing, there),
        *((restoring(state.brief, state.standing),) if there else ()),
    )


def restoring(brief: Brief, standing: Json, disarming_too: tuple[Operation, ...] = ()) -> Write:
    """The restore of a run, as guarded as it can be."""
    write = restore_write(brief.target, brief.uid, standing or brief.after, brief.before, disarming_too)
    return fenced(write, brief.owner)


def _force(state: State, _: Scene) -> tuple[Write, ...]:
    brief = state.brief
    return (fenced(promote_full_write(brief.target, brief.uid, brief.base_hash, state.canary_hash), brief.owner),)


def _disarm(state: State, scene: Scene) -> tuple[Write, ...]:
    """What was armed is put back, and tried again: it leads nowhere, and a guard keeps it from what others set."""
    brief, rollout = state.brief, scene.rollout
    if not isinstance(rollout, RolloutView) or not is_armed(rollout, brief.armed):
        return ()
    tries = sum(key.startswith(f"{state.phase}:{WriteName.DISARM}:") for key in state.sent)
    if tries == DISARM_TRIES or isinstance(state.answer, Accepted):
        return ()
    write = disarm_write(brief.target, rollout, brief.armed)
    return (fenced(replace(write, occasion=f"try {tries + 1}"), brief.owner),)


def _disarm_what_stays(state: State, scene: Scene) -> tuple[Write, ...]:
    """Where by policy the plan's value stays in the spec, nothing else of the run stays."""
    return _disarm(state, scene) if contains(state) else ()


# -- what proves it ----------------------------------------------------------------------------------------------------


def _is_abort_acknowledged(state: State, scene: Scene) -> bool:
    rollout = scene.rollout
    if not isinstance(rollout, RolloutView):
        return False
    status = rollout.status
    return status.abort and status.aborted_at > 0 and status.current_pod_hash == state.canary_hash


def _is_restored(state: State, scene: Scene) -> bool:
    rollout = scene.rollout
    return isinstance(rollout, RolloutView) and rollout.template == state.brief.before


def _is_back_on_base(state: State, scene: Scene) -> bool:
    rollout = scene.rollout
    return (
        isinstance(rollout, RolloutView)
        and _is_restored(state, scene)
        and rollout.status.current_pod_hash == state.brief.base_hash
    )


def _is_taken_back(state: State, scene: Scene) -> bool:
    """A cutover whose answer was lost may stand where nobody looked since: its restore is sent whatever is remembered.

    Its guard, T1, makes it harmless where the cutover took no effect.
    """
    sent = any(key.startswith(f"{Phase.RESTORE}:") for key in state.sent)
    return (state.written or sent) and _is_back_on_base(state, scene)


def _is_forced(state: State, scene: Scene) -> bool:
    rollout = scene.rollout
    if not isinstance(rollout, RolloutView):
        return False
    return rollout.status.promote_full or rollout.status.stable_rs == state.brief.base_hash


def _is_disarmed(state: State, scene: Scene) -> bool:
    rollout = scene.rollout
    return isinstance(rollout, RolloutView) and not is_armed(rollout, state.brief.armed)


def _is_settled(state: State, scene: Scene) -> bool:
    return state.watching_ended or verify(PROMOTED_WHOLE, state, scene).complete


def _is_baked(state: State, scene: Scene) -> bool:
    return state.watching_ended or scene.now >= state.entered + state.brief.timing.bake


def table_of(state: State) -> tuple[Condition, ...]:
    """What the fresh look of the state's phase has to show."""
    match state.phase:
        case Phase.HOLDING:
            return HOLDING
        case Phase.DISARM | Phase.SETTLE | Phase.BAKE | Phase.CONFIRM:
            return PROMOTED_WHOLE
        case _:
            return _way_back(state)


def _way_back(state: State) -> tuple[Condition, ...]:
    if not contains(state):
        return HELD
    return CONTAINED_BY_HOLD if state.brief.on_failure is OnFailure.HOLD else CONTAINED_BY_ABORT


def contains(state: State) -> bool:
    """Whether by policy this failure leaves the plan's value in the spec.

    Whoever interrupts a run wants it out, and an abort that did not take is followed by the restore all the same. So is
    a template that nobody reviewed: the policy is about the plan's values, seen to stand exactly as they were reviewed.
    """
    by_policy = state.brief.on_failure is not OnFailure.RESTORE and state.standing == state.brief.after
    return by_policy and state.takes(Course.FAIL) and not state.restoring and not state.promoted


def looked(state: State) -> tuple[Scene, ...]:
    """The scene of this phase's fresh look, once there is one."""
    if isinstance(state.look, Idle) or not isinstance(state.look.world, World):
        return ()
    return (scene_of(state, state.look.world, state.look.at),)


def _is_seen(state: State, _: Scene) -> bool:
    return any(verify(table_of(state), state, scene).complete for scene in looked(state))


# -- how long it may take ----------------------------------------------------------------------------------------------


def _rung(state: State) -> float:
    return state.brief.timing.rung_within


def _adoption(state: State) -> float:
    return state.brief.timing.adopt_within


def _verification(state: State) -> float:
    """Who may not put the old template back waits for nothing: a human is needed at once."""
    return DENIED_WITHIN if state.denied else state.brief.timing.verify_within


def _reverification(state: State) -> float:
    """Every pod of the revision that is promoted has to start first."""
    return DENIED_WITHIN if state.denied else state.brief.timing.verify_within + state.brief.timing.ready_within


PHASES: Final[Mapping[Phase, Row]] = MappingProxyType(
    {
        Phase.WRITE: Row(want=_cutover, proof=lambda s, _: s.written, then=Phase.ADOPT),
        Phase.ADOPT: Row(proof=lambda s, _: s.adopted, then=Phase.CANARY),
        Phase.CANARY: Row(want=_forward, proof=lambda s, _: s.promoted, then=Phase.DISARM, otherwise=Phase.HOLDING),
        Phase.HOLDING: Row(
            want=_disarm,
            proof=_is_seen,
            then=Phase.OVER,
            within=_rung,
            looks=True,
            otherwise=Phase.CANARY,
            persistent=True,
        ),
        Phase.DISARM: Row(
            want=_disarm,
            proof=_is_disarmed,
            within=_rung,
            then=Phase.SETTLE,
            otherwise=Phase.SETTLE,
            persistent=True,
        ),
        Phase.SETTLE: Row(proof=_is_settled, within=_reverification, then=Phase.BAKE, otherwise=Phase.BAKE),
        Phase.BAKE: Row(proof=_is_baked, then=Phase.CONFIRM),
        Phase.CONFIRM: Row(want=_disarm, proof=_is_seen, then=Phase.OVER, within=_rung, looks=True, persistent=True),
        Phase.ABORT: Row(
            want=_abort, proof=_is_abort_acknowledged, within=_rung, then=Phase.RESTORE, otherwise=Phase.RESTORE
        ),
        Phase.RESTORE: Row(
            want=_restore, proof=_is_taken_back, within=_rung, then=Phase.VERIFY, otherwise=Phase.VERIFY
        ),
        Phase.VERIFY: Row(
            want=_disarm_what_stays,
            proof=_is_seen,
            within=_verification,
            then=Phase.OVER,
            looks=True,
            persistent=True,
        ),
        Phase.REVERT: Row(
            want=_restore, proof=_is_restored, within=_rung, then=Phase.READOPT, otherwise=Phase.REVERIFY
        ),
        Phase.READOPT: Row(proof=_is_back_on_base, within=_adoption, then=Phase.FORCE, otherwise=Phase.REVERIFY),
        Phase.FORCE: Row(want=_force, proof=_is_forced, within=_rung, then=Phase.REVERIFY, otherwise=Phase.REVERIFY),
        Phase.REVERIFY: Row(proof=_is_seen, within=_reverification, then=Phase.OVER, looks=True),
    }
)
