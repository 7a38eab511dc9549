"""The signal that a pod of the canary was Ready and is no longer.

The view leaves out a pod that is terminating or was evicted. The second relapse decides at once, the first when the
pod has not come back within `relapse_within`.
"""

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import PodMemory, State
from cutover.core.engine.why_not_ready import why_not_ready
from cutover.core.objects.pod import PodView


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign for each canary pod that lost its readiness."""
    known = ((pod, state.pods[pod.meta.uid]) for pod in view.canary.pods if pod.meta.uid in state.pods)
    return tuple(_sign(state, pod, memory) for pod, memory in known if memory.relapses and not _settled(pod, memory))


def _settled(pod: PodView, memory: PodMemory) -> bool:
    return bool(pod.disrupted) or (pod.ready and memory.relapses == 1)


def _sign(state: State, pod: PodView, memory: PodMemory) -> Sign:
    certain_at = SOON if memory.relapses > 1 else memory.lost_at + state.run_spec.deadlines.relapse_within
    times = "is no longer" if memory.relapses == 1 else f"lost it {memory.relapses} times"
    message = sentence(f"pod {pod.meta.name} was Ready and {times}: ", why_not_ready(state, pod))
    return Sign("relapse", pod.meta.name, message, certain_at)


SIGNAL = Signal("relapse", watch)
