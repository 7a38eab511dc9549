"""The view of a pod and of its containers' states."""

from typing import Final

from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.documents import Json, flag, mapping, moment, objects, quoted, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view
from cutover.core.objects.rollout import Condition, conditions_view


@frozen
class Exit:
    """How a container's process ended. `at` is the time of the end in seconds since the epoch, 0.0 if not known."""

    code: int = 0
    reason: str = ""
    message: ClusterText = ClusterText()
    at: float = 0.0

    @property
    def happened(self) -> bool:
        """Whether there was an exit; the default value stands for none."""
        return self.at > 0 or self.reason != "" or self.code != 0


@frozen
class ContainerView:
    """A container's state. `waiting` is the reason why it does not run (`CrashLoopBackOff`, …), or the empty string.

    `last_exit` is the latest exit of its process, whether it is still down or already runs again.
    """

    name: str
    ready: bool
    restarts: int
    waiting: str
    waiting_message: ClusterText
    running_since: float
    last_exit: Exit
    init: bool = False


@frozen
class PodView:
    """A pod. `ready_since` and `started` are in seconds since the epoch by the server's clock; 0.0 means not yet.

    `was_ready`: the pod's own status shows that it is Ready now or was Ready before.
    """

    meta: Meta
    phase: str
    reason: str
    message: ClusterText
    ip: str
    node: str
    ready: bool
    ready_since: float
    started: float
    unschedulable: ClusterText
    disrupted: str
    containers: tuple[ContainerView, ...]
    was_ready: bool = False

    @property
    def pod_hash(self) -> str:
        """The pod hash of the revision that the pod belongs to, or the empty string."""
        return self.meta.pod_hash

    @property
    def restarts(self) -> int:
        """The restarts of all containers, init containers included."""
        return sum(container.restarts for container in self.containers)

    @property
    def over(self) -> bool:
        """Whether the pod has ended or is being deleted, so that it no longer shows how its revision does."""
        return self.meta.deleting or self.phase in {"Succeeded", "Failed"}


def pod_view(document: Json) -> PodView:
    """Read a Pod; init containers come last in `containers`."""
    status = mapping(document, "status")
    conditions = {condition.type: condition for condition in conditions_view(status)}
    ready = conditions.get("Ready", _ABSENT)
    return PodView(
        meta=meta_view(document),
        phase=text(status, "phase"),
        reason=text(status, "reason"),
        message=quoted(status, "message"),
        ip=text(status, "podIP"),
        node=text(document, "spec", "nodeName"),
        ready=ready.status == "True",
        ready_since=_ready_since(status),
        started=moment(status, "startTime"),
        unschedulable=_unschedulable(conditions.get("PodScheduled", _ABSENT)),
        disrupted=_disrupted(conditions.get("DisruptionTarget", _ABSENT)),
        containers=(
            *(_container(entry, init=False) for entry in objects(status, "containerStatuses")),
            *(_container(entry, init=True) for entry in objects(status, "initContainerStatuses")),
        ),
        was_ready=_was_ready(status),
    )


_NONE: Final[Json] = {}
_TAKING_UP: Final = 2.0
"""Seconds that may lie between a pod's start and its first conditions; the API has whole seconds only."""

_ABSENT = Condition("", "", "", ClusterText())


def _ready_since(status: Json) -> float:
    ready = (entry for entry in objects(status, "conditions") if text(entry, "type") == "Ready")
    return next((moment(entry, "lastTransitionTime") for entry in ready if text(entry, "status") == "True"), 0.0)


def _was_ready(status: Json) -> bool:
    """Return whether the pod has ever been Ready.

    The kubelet writes `Ready: False` when it starts to handle the pod, and updates the transition time only when the
    status changes (`pkg/kubelet/status/generate.go`, `updateLastTransitionTime`): a later time means that it was True.
    """
    ready = next((entry for entry in objects(status, "conditions") if text(entry, "type") == "Ready"), _NONE)
    if text(ready, "status") == "True":
        return True
    changed, started = moment(ready, "lastTransitionTime"), moment(status, "startTime")
    return started > 0.0 and changed > started + _TAKING_UP


def _unschedulable(scheduled: Condition) -> ClusterText:
    return scheduled.message or ClusterText(scheduled.reason) if scheduled.status == "False" else ClusterText()


def _disrupted(disruption: Condition) -> str:
    return disruption.reason or disruption.type if disruption.status == "True" else ""


def _container(entry: Json, *, init: bool) -> ContainerView:
    state = mapping(entry, "state")
    waiting = mapping(state, "waiting")
    return ContainerView(
        name=text(entry, "name"),
        ready=flag(entry, "ready"),
        restarts=whole(entry, "restartCount"),
        waiting=text(waiting, "reason"),
        waiting_message=quoted(waiting, "message"),
        running_since=moment(state, "running", "startedAt"),
        last_exit=_exit(mapping(state, "terminated") or mapping(entry, "lastState", "terminated")),
        init=init,
    )


def _exit(terminated: Json) -> Exit:
    return Exit(
        code=whole(terminated, "exitCode"),
        reason=text(terminated, "reason"),
        message=quoted(terminated, "message"),
        at=moment(terminated, "finishedAt"),
    )
