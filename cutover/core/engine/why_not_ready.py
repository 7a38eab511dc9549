"""The sentence that says why a pod is not Ready, by the most certain thing that is known.

Most certain is what the kubelet says of a container, then what the pod itself answered, then that it merely is not
Ready.
"""

import json
from typing import Final

from cutover.core.base.cluster_text import ClusterText, Words, sentence, shown
from cutover.core.base.documents import flag, objects, text
from cutover.core.base.redaction import LONGEST_QUOTE
from cutover.core.engine.observation import Evidence, EvidenceKind
from cutover.core.engine.state import State
from cutover.core.objects.pod import ContainerView, PodView

IMAGE_TROUBLE: Final = frozenset({"InvalidImageName", "ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff"})
"""Waiting reasons of a container whose image cannot be used. A plan never changes images, so it is not the cause."""


def why_not_ready(state: State, pod: PodView) -> Words:
    """Return why the pod is not Ready, in one sentence without the pod's name."""
    if pod.unschedulable:
        return sentence("it found no node: ", pod.unschedulable)
    troubled = sorted((c for c in pod.containers if not c.ready), key=_weight)
    container = troubled[0] if troubled else None
    if container is not None and (container.waiting or container.last_exit.happened):
        return container_trouble(container)
    return readyz_answer(state, pod.meta.name) or _plainly(pod, container)


def container_trouble(container: ContainerView) -> Words:
    """Return what the kubelet says of a container that does not run."""
    exit_ = container.last_exit
    if exit_.happened and exit_.code:
        times = f" ({container.restarts} restarts)" if container.restarts > 1 else ""
        return sentence(f"container {container.name} exited with code {exit_.code}{times}", _quoted(exit_.message))
    if container.waiting:
        waiting = f"container {container.name} is waiting, {container.waiting}"
        return sentence(waiting, _quoted(container.waiting_message))
    return f"container {container.name} ended"


def readyz_answer(state: State, pod: str) -> str:
    """Return the last answer of the pod's readiness endpoint, or the empty string where none is known."""
    pieces = [
        evidence
        for evidence in state.evidence
        if evidence.kind is EvidenceKind.READYZ and evidence.about == pod and evidence.text
    ]
    return f"its readiness endpoint says {_summary(pieces[-1])}" if pieces else ""


def with_late_answer(state: State, message: Words) -> Words:
    """Add to a cause's message the answer of a pod that it names, if that answer came only after the decision."""
    pods = {piece.about for piece in state.evidence if piece.kind is EvidenceKind.READYZ and piece.text}
    pieces = (readyz_answer(state, pod) for pod in sorted(pods) if pod in shown(message))
    answer = next(pieces, "")
    return sentence(message, f"; {answer}") if answer and answer not in shown(message) else message


def _summary(answer: Evidence) -> str:
    """Return the HTTP status of an answer, and the failed checks in its JSON body, or else the start of the body."""
    status, _, body = answer.text.partition("\n")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):  # RecursionError: a body that is nested too deeply
        return f"{status}: {_cut(body)}" if body else status
    failed = [_check(check) for check in objects(document, "checks") if not flag(check, "ok")]
    return f"{status}: {', '.join(failed)}" if failed else f"{status}: {_cut(body)}"


def _check(check: object) -> str:
    name, code, target = text(check, "name"), text(check, "code"), text(check, "target")
    return f"{name} {code}" + (f" ({target})" if target else "")


def _plainly(pod: PodView, container: ContainerView | None) -> str:
    if container is not None and container.running_since:
        return f"container {container.name} runs, its readiness probe fails"
    return f"it is {pod.phase or 'not started'}"


def _weight(container: ContainerView) -> tuple[bool, bool]:
    return (not container.waiting, not container.last_exit.happened)


def _quoted(message: ClusterText) -> Words:
    return sentence(": ", message) if message else ""


def _cut(quoted: str) -> str:
    line = " ".join(quoted.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"
