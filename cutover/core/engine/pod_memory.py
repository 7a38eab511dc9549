"""Remember what was seen of each canary pod over time: what a single read of a pod cannot tell."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.engine.facts import Fact, PodChanged
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import NEVER, PodMemory, State
from cutover.core.objects.pod import ContainerView, PodView

KILLED_FROM_OUTSIDE: Final = frozenset({137, 143})
"""Exit codes after SIGKILL (also if memory ran out) and SIGTERM: they say nothing about the configuration."""

GONE: Final = "gone"


def notice_pods(state: State, view: RunView) -> tuple[State, tuple[Fact, ...]]:
    """Remember each canary pod of the view; return a fact for each whose summary changed or that is gone."""
    pods = dict(state.pods)
    facts: list[Fact] = []
    for pod in view.canary.pods:
        before = pods.get(pod.meta.uid, PodMemory(pod.meta.name, first_seen=view.now))
        after = _updated(before, pod, view.now)
        pods[pod.meta.uid] = after
        facts += [_fact(after, pod.restarts)] if after.summary != before.summary else []
    for uid, memory in _left(state, view):
        pods[uid] = replace(memory, ready=False, lost_at=NEVER, summary=GONE)
        facts.append(_fact(pods[uid], restarts=0))
    return replace(state, pods=MappingProxyType(pods)), tuple(facts)


def _left(state: State, view: RunView) -> tuple[tuple[str, PodMemory], ...]:
    """Return the known pods that ended, are terminating, or are gone: they do not serve and count as no relapse."""
    there = {pod.meta.uid for pod in view.canary.pods}
    return tuple((uid, memory) for uid, memory in state.pods.items() if uid not in there and memory.summary != GONE)


def _updated(memory: PodMemory, pod: PodView, now: float) -> PodMemory:
    lost = _lost(memory, pod)
    still_lost = memory.lost_at if not pod.ready else NEVER
    return replace(
        memory,
        ready=pod.ready,
        ever_ready=memory.ever_ready or pod.ready,
        relapses=memory.relapses + lost,
        lost_at=now if lost else still_lost,
        bad_exits=_bad_exits(memory, pod),
        ends={container.name: ends(container) for container in pod.containers},
        summary=summary(pod),
    )


def _lost(memory: PodMemory, pod: PodView) -> bool:
    """Tell whether a pod that was Ready has now lost its readiness through its own containers.

    A lost node changes the pod's condition alone and leaves its containers ready (kube-controller-manager v1.34,
    `pkg/controller/util/node: MarkPodsNotReady`): that says nothing about the configuration.
    """
    unready = not pod.ready and not all(container.ready for container in pod.containers)
    return unready and memory.ever_ready and memory.lost_at == NEVER


def ends(container: ContainerView) -> int:
    """Return how often the container's process has ended: its restarts, and one more while it is down."""
    down = container.running_since == 0 and container.last_exit.happened
    return container.restarts + down


def _bad_exits(memory: PodMemory, pod: PodView) -> Mapping[str, int]:
    counts = dict(memory.bad_exits)
    for container in pod.containers:
        new = ends(container) - memory.ends.get(container.name, 0)
        if new > 0 and _bad(container):
            counts[container.name] = counts.get(container.name, 0) + new
    return counts


def _bad(container: ContainerView) -> bool:
    return container.last_exit.code != 0 and container.last_exit.code not in KILLED_FROM_OUTSIDE


def summary(pod: PodView) -> Words:
    """Return the pod's state in a few words, for a line that is printed when they change."""
    troubled = next((c for c in pod.containers if c.waiting and c.waiting not in _STARTING), None)
    if pod.ready:
        return "Ready"
    if pod.unschedulable:
        return sentence("no node: ", pod.unschedulable)
    if troubled is not None:
        code = f" (exit code {troubled.last_exit.code})" if troubled.last_exit.code else ""
        return f"{troubled.name} {troubled.waiting}{code}"
    ended = next((c for c in pod.containers if not c.init and c.running_since == 0 and c.last_exit.happened), None)
    if ended is not None:
        return f"{ended.name} exited with code {ended.last_exit.code}"
    running = all(container.running_since or container.init for container in pod.containers) and pod.containers
    return "running, not Ready" if running else "starting"


_STARTING: Final = frozenset({"ContainerCreating", "PodInitializing"})


def _fact(memory: PodMemory, restarts: int) -> PodChanged:
    text = sentence(f"canary pod {memory.name}: ", memory.summary)
    return PodChanged(text, memory.name, memory.ready, memory.summary, restarts)
