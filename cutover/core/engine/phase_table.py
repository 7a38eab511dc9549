"""The table of phases: the write that each wants, its proof, its time limit, and the phases that may follow.

    forward   WRITE → ADOPT → CANARY → (HOLDING: over) → DISARM → SETTLE → BAKE → CONFIRM: over
    failed    ABORT → RESTORE → VERIFY: over          before promotion
    reverted  REVERT → READOPT → FORCE → REVERIFY: over   after it
    all       … → CLOSE: over                         where the run's marks are to be removed

A phase of the way back that is refused, unclear or late leads to the next phase, never to a second try.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.base.frozen import frozen
from cutover.core.engine import phase_proofs, phase_writes
from cutover.core.engine.facts import Aborted, Fact, Note, Restored
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import NEVER, Phase, State
from cutover.core.writes.write import Refused, Unclear, Write

DENIED_WITHIN: Final = 3.0
"""Seconds that a verification may take if the right to restore is missing: time for one last fresh read."""


@frozen
class PhaseRow:
    """One phase. `want` returns the writes to send, none of which is sent twice; `proof` reads the cluster alone.

    `then` follows on the proof, `otherwise` on a failure or after `within` seconds. `reads_afresh` asks for a fresh
    read. A `persistent` phase is not left because its write was refused: its proof may come without.
    """

    proof: Callable[[State, RunView], bool]
    then: Phase
    want: Callable[[State, RunView], tuple[Write, ...]] = lambda _state, _view: ()
    within: Callable[[State], float] = lambda _state: NEVER
    otherwise: Phase = Phase.OVER
    reads_afresh: bool = False
    persistent: bool = False


# -- time limits -------------------------------------------------------------------------------------------------------


def _rung(state: State) -> float:
    return state.run_spec.deadlines.rung_within


def _adoption(state: State) -> float:
    return state.run_spec.deadlines.adopt_within


def _verification(state: State) -> float:
    """Return the time limit, short where the right to restore is missing: then a person is needed at once."""
    return DENIED_WITHIN if state.restore_forbidden else state.run_spec.deadlines.verify_within


def _reverification(state: State) -> float:
    """Return the time limit with the time in which every pod of the promoted revision has to start."""
    return (
        DENIED_WITHIN
        if state.restore_forbidden
        else state.run_spec.deadlines.verify_within + state.run_spec.deadlines.ready_within
    )


PHASES: Final[Mapping[Phase, PhaseRow]] = MappingProxyType(
    {
        Phase.WRITE: PhaseRow(want=phase_writes.cutover, proof=lambda s, _: s.written, then=Phase.ADOPT),
        Phase.ADOPT: PhaseRow(proof=lambda s, _: s.adopted, then=Phase.CANARY),
        Phase.CANARY: PhaseRow(
            want=phase_writes.forward, proof=lambda s, _: s.promoted, then=Phase.DISARM, otherwise=Phase.HOLDING
        ),
        Phase.HOLDING: PhaseRow(
            want=phase_writes.disarm,
            proof=phase_proofs.is_shown_fresh,
            then=Phase.OVER,
            within=_rung,
            reads_afresh=True,
            otherwise=Phase.CANARY,
            persistent=True,
        ),
        Phase.DISARM: PhaseRow(
            want=phase_writes.disarm,
            proof=phase_proofs.is_disarmed,
            within=_rung,
            then=Phase.SETTLE,
            otherwise=Phase.SETTLE,
            persistent=True,
        ),
        Phase.SETTLE: PhaseRow(
            proof=phase_proofs.is_settled, within=_reverification, then=Phase.BAKE, otherwise=Phase.BAKE
        ),
        Phase.BAKE: PhaseRow(proof=phase_proofs.is_baked, then=Phase.CONFIRM),
        Phase.CONFIRM: PhaseRow(
            want=phase_writes.disarm,
            proof=phase_proofs.is_shown_fresh,
            then=Phase.OVER,
            within=_rung,
            reads_afresh=True,
            persistent=True,
        ),
        Phase.ABORT: PhaseRow(
            want=phase_writes.abort,
            proof=phase_proofs.is_abort_acknowledged,
            within=_rung,
            then=Phase.RESTORE,
            otherwise=Phase.RESTORE,
        ),
        Phase.RESTORE: PhaseRow(
            want=phase_writes.restore,
            proof=phase_proofs.is_taken_back,
            within=_rung,
            then=Phase.VERIFY,
            otherwise=Phase.VERIFY,
        ),
        Phase.VERIFY: PhaseRow(
            want=phase_writes.disarm_what_is_left,
            proof=phase_proofs.is_shown_fresh,
            within=_verification,
            then=Phase.OVER,
            reads_afresh=True,
            persistent=True,
        ),
        Phase.REVERT: PhaseRow(
            want=phase_writes.restore,
            proof=phase_proofs.is_restored,
            within=_rung,
            then=Phase.READOPT,
            otherwise=Phase.REVERIFY,
        ),
        Phase.READOPT: PhaseRow(
            proof=phase_proofs.is_back_on_base, within=_adoption, then=Phase.FORCE, otherwise=Phase.REVERIFY
        ),
        Phase.FORCE: PhaseRow(
            want=phase_writes.force,
            proof=phase_proofs.is_forced,
            within=_rung,
            then=Phase.REVERIFY,
            otherwise=Phase.REVERIFY,
        ),
        Phase.REVERIFY: PhaseRow(
            proof=phase_proofs.is_shown_fresh, within=_reverification, then=Phase.OVER, reads_afresh=True
        ),
    }
)


# -- facts recorded when a phase ends ----------------------------------------------------------------------------------


def proven_facts(state: State) -> tuple[Fact, ...]:
    """Return the fact that the phase was proven, for the phases that record one."""
    match state.phase:
        case Phase.ABORT:
            return (Aborted("the controller acknowledged the abort"),)
        case Phase.RESTORE | Phase.REVERT:
            return (Restored("the old template stands in the spec again"),)
        case Phase.SETTLE:
            return (Note(f"watching for {state.run_spec.deadlines.bake:g} s more"),)
        case _:
            return ()


def failed_facts(state: State, answer: Refused | Unclear) -> tuple[Fact, ...]:
    """Return the fact that a write of the phase was refused, or that its answer was lost."""
    result = f"refused ({answer.status})" if isinstance(answer, Refused) else "unclear"
    return (Note(sentence(f"{answer.write.title}: {result}: ", answer.reason), state.phase),)


def late_facts(state: State, row: PhaseRow) -> tuple[Fact, ...]:
    """Return the fact that the phase exceeded its time limit."""
    sent = any(key.startswith(f"{state.phase}:") for key in state.sent_writes)
    text = f"{state.phase} {'had no effect' if sent else 'was not complete'} within {row.within(state):g} s"
    return (Note(text, state.phase),)
