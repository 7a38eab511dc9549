"""The signal that a changed container exits again and again.

Codes 137 and 143 come from outside (out of memory, a kill), 0 is a normal end: none of them tells about the plan.
"""

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import NEVER, PodMemory, State
from cutover.core.engine.why_not_ready import container_trouble
from cutover.core.objects.pod import ContainerView, PodView


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign for each changed container of a canary pod that has exited badly and is not Ready."""
    return tuple(
        _sign(state, state.pods[pod.meta.uid], pod, container)
        for pod in view.canary.pods
        if pod.meta.uid in state.pods
        for container in pod.containers
        if container.name in state.run_spec.changed_containers and not container.ready
        if state.pods[pod.meta.uid].bad_exits.get(container.name, 0)
    )


def _sign(state: State, memory: PodMemory, pod: PodView, container: ContainerView) -> Sign:
    message = sentence(f"pod {pod.meta.name}: ", container_trouble(container))
    return Sign("crash-loop", pod.meta.name, message, _certain_at(state, memory, container.name))


def _certain_at(state: State, memory: PodMemory, container: str) -> float:
    """Return when the sign is certain. A few exits of a pod that was Ready are judged as a relapse, not here."""
    if memory.bad_exits[container] > state.run_spec.exits_allowed:
        return SOON
    return NEVER if memory.ever_ready else memory.first_seen + state.run_spec.deadlines.ready_within


SIGNAL = Signal("crash", watch)
