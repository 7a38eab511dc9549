"""The signal that the canary's pods do not become Ready in time.

The deadline runs per pod from its creation and per step from when the controller asks for the pods. It runs in
pauses too, and flapping does not reset it (Argo's own progress deadline stops in pauses and is reset).
"""

from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import Sign, Signal
from cutover.core.engine.state import NEVER, PodMemory, State
from cutover.core.engine.why_not_ready import IMAGE_TROUBLE, why_not_ready
from cutover.core.objects.pod import PodView

SUSPECT_AFTER: Final = 1 / 3
"""The share of the deadline after which a pod that is not Ready is suspicious: `readyWithin: auto` is three times the
start of the slowest stable pod.
"""


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign for each canary pod that has never been Ready, and one for a step that lacks pods."""
    late = (_late(state, pod) for pod in view.canary.pods if not pod.ready and not _ever_ready(state, pod))
    return (*late, *_step_late(state, view))


def _late(state: State, pod: PodView) -> Sign:
    code = _code(pod)
    why = why_not_ready(state, pod)
    message = sentence(f"pod {pod.meta.name} was not Ready within {_within(state)}: ", why)
    doubt = sentence(f"pod {pod.meta.name} is slow to become Ready, it has {_within(state)}: ", why)
    within = state.run_spec.deadlines.ready_within
    seen = _memory(state, pod).first_seen
    return Sign(code, pod.meta.name, message, seen + within, suspect_at=seen + within * SUSPECT_AFTER, doubt=doubt)


def _code(pod: PodView) -> str:
    if pod.unschedulable:
        return "unschedulable"
    return "image" if any(container.waiting in IMAGE_TROUBLE for container in pod.containers) else "deadline"


def _step_late(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return the sign of a late step: pods that are replaced again and again never reach their own deadline."""
    if state.pods_asked_at == NEVER or state.promoted:
        return ()
    lacking = view.canary.desired - view.canary.ready
    message = (
        f"step {state.step}: {lacking} of {view.canary.desired} canary pods were not Ready within {_within(state)}"
    )
    at = state.pods_asked_at + state.run_spec.deadlines.ready_within + state.run_spec.deadlines.relapse_within
    return (Sign("deadline", f"step {state.step}", message, at, suspect_at=NEVER),)


def _ever_ready(state: State, pod: PodView) -> bool:
    return pod.meta.uid in state.pods and state.pods[pod.meta.uid].ever_ready


def _memory(state: State, pod: PodView) -> PodMemory:
    return state.pods.get(pod.meta.uid, PodMemory(pod.meta.name, first_seen=NEVER))


def _within(state: State) -> str:
    return f"{state.run_spec.deadlines.ready_within:g} s"


SIGNAL = Signal("readiness", watch)
