"""What is told when a phase is left: proven, refused, or late."""

from cutover.core.engine.facts import Fact, FactKind
from cutover.core.engine.phases import Row
from cutover.core.engine.state import Phase, State
from cutover.core.writes.write import Refused, Unclear


def told_proven(state: State) -> tuple[Fact, ...]:
    """The fact that the phase has come to what it is for, if that is worth one."""
    match state.phase:
        case Phase.ABORT:
            return (Fact(FactKind.ABORTED, "the controller acknowledged the abort"),)
        case Phase.RESTORE | Phase.REVERT:
            return (Fact(FactKind.RESTORED, "the old template stands in the spec again"),)
        case Phase.SETTLE:
            return (Fact(FactKind.NOTE, f"watching for {state.brief.timing.bake:g} s more"),)
        case _:
            return ()


def told_failed(state: State, answer: Refused | Unclear) -> tuple[Fact, ...]:
    """The fact that a write of the phase did not come to anything."""
    said = f"refused ({answer.status}): {answer.reason}" if isinstance(answer, Refused) else f"unclear: {answer.reason}"
    return (Fact(FactKind.NOTE, f"{answer.write.title}: {said}", {"phase": state.phase.value}),)


def told_late(state: State, row: Row) -> tuple[Fact, ...]:
    """The fact that the phase took too long."""
    sent = any(key.startswith(f"{state.phase}:") for key in state.sent)
    text = f"{state.phase} {'had no effect' if sent else 'was not complete'} within {row.within(state):g} s"
    return (Fact(FactKind.NOTE, text, {"phase": state.phase.value}),)
