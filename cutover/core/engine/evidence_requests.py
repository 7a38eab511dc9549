"""Choose the evidence to collect for the report: at the first suspicion of a pod, and again when the run has failed.

Nothing waits for the evidence. What has not come when the run ends is listed as missed.
"""

from dataclasses import replace
from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.engine.decision import CollectEvidence
from cutover.core.engine.observation import EvidenceKind
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import State, Verdict
from cutover.core.objects.pod import ContainerView, PodView

MOST_PODS: Final = 3
"""Pods of which evidence is collected; more are not needed, because the pods of a canary fail alike."""

AT_THE_END: Final = 10_000
"""The `attempt` of requests after the run has failed, so that the same evidence is collected once more."""


def ask_for_evidence(state: State, view: RunView) -> tuple[State, tuple[CollectEvidence, ...]]:
    """Return the requests for evidence that are due and were not made before."""
    asks = tuple(ask for ask in _due(state, view) if _key(ask) not in state.asked_evidence)
    return replace(state, asked_evidence=state.asked_evidence | {_key(ask) for ask in asks}), asks


def missed(state: State) -> tuple[CollectEvidence, ...]:
    """Return the requests for evidence without an answer, sorted; the report lists them."""
    answered = {(piece.kind, piece.about, piece.container) for piece in state.evidence}
    left = {(kind, about, container) for kind, about, container, _ in state.asked_evidence} - answered
    return tuple(CollectEvidence(kind, about, container) for kind, about, container in sorted(left))


def _due(state: State, view: RunView) -> tuple[CollectEvidence, ...]:
    """Return all requests that are due: about each pod that is not Ready after a failure, else about suspected pods."""
    pods = {pod.meta.name: pod for pod in view.canary.pods}
    failed = isinstance(state.verdict, Verdict) and state.verdict.reaction is Reaction.FAIL
    suspected = [pods[s.subject] for s in state.suspicions.values() if s.subject in pods]
    sick = [pod for pod in view.canary.pods if not pod.ready] if failed else suspected
    asks = tuple(ask for pod in sick[:MOST_PODS] for ask in _about_pod(state, pod, final=failed))
    rollout = (CollectEvidence(EvidenceKind.EVENTS, "rollout"),) if failed else ()
    return (*asks, *rollout)


def _about_pod(state: State, pod: PodView, *, final: bool) -> tuple[CollectEvidence, ...]:
    name = pod.meta.name
    attempt = AT_THE_END if final else pod.restarts
    containers = [container for container in pod.containers if _worth_a_log(state, container)]
    logs = (CollectEvidence(EvidenceKind.LOG, name, c.name, attempt) for c in containers if _has_run(c))
    previous = (CollectEvidence(EvidenceKind.PREVIOUS_LOG, name, c.name, attempt) for c in containers if c.restarts)
    return (
        *_readyz(state, pod, attempt),
        *logs,
        *previous,
        CollectEvidence(EvidenceKind.EVENTS, name, attempt=attempt),
    )


def _worth_a_log(state: State, container: ContainerView) -> bool:
    return container.name in state.run_spec.changed_containers or not container.ready


def _has_run(container: ContainerView) -> bool:
    return bool(container.running_since) or container.last_exit.happened


def _readyz(state: State, pod: PodView, attempt: int) -> tuple[CollectEvidence, ...]:
    running = {container.name for container in pod.containers if container.running_since}
    return tuple(
        CollectEvidence(EvidenceKind.READYZ, pod.meta.name, probe.container, attempt, probe.port, probe.path)
        for probe in state.run_spec.probes
        if probe.port and probe.container in running
    )


def _key(ask: CollectEvidence) -> tuple[EvidenceKind, str, str, int]:
    return (ask.kind, ask.about, ask.container, ask.attempt)
