"""The view of a Rollout, and Argo's own rules for its phase."""

from dataclasses import field
from typing import Any, TypeVar

from cutover.core.base.cluster_text import ClusterText, Words, sentence
from cutover.core.base.documents import Json, at, flag, mapping, moment, objects, quoted, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view

T = TypeVar("T")

DEFAULT_PROGRESS_DEADLINE = 600
"""`spec.progressDeadlineSeconds` if it is not set (argo-rollouts `utils/defaults/defaults.go`)."""

DEFAULT_HISTORY_LIMIT = 10
"""`spec.revisionHistoryLimit` if it is not set (argo-rollouts `utils/defaults/defaults.go`)."""


@frozen
class PauseCondition:
    """An entry of `status.pauseConditions`. `since` is in seconds since the epoch, `started` as the API spells it."""

    reason: str
    since: float
    started: str


@frozen
class Condition:
    """An entry of `status.conditions` of any kind of object; `status` is `True`, `False` or `Unknown`."""

    type: str
    status: str
    reason: str
    message: ClusterText


@frozen
class RolloutStatus:
    """`status` of a Rollout. `observed_generation` is 0 if no controller has observed it yet; hashes may be empty."""

    phase: str = ""
    message: ClusterText = ClusterText()
    observed_generation: int = 0
    current_pod_hash: str = ""
    stable_rs: str = ""
    step_index: int = 0
    pauses: tuple[PauseCondition, ...] = ()
    controller_pause: bool = False
    abort: bool = False
    aborted_at: float = 0.0
    promote_full: bool = False
    conditions: tuple[Condition, ...] = ()
    replicas: int = 0
    updated: int = 0
    available: int = 0
    restarted_at: str = ""
    selector: str = ""

    def condition(self, type_: str) -> Condition:
        """Return the condition of that type; if it is absent, one whose other fields are empty."""
        return next(
            (condition for condition in self.conditions if condition.type == type_),
            Condition(type_, "", "", ClusterText()),
        )


@frozen
class RolloutView:
    """A Rollout. `template` and `strategy` are kept as JSON, exactly as read, because guards are built from them.

    They are left out of `repr`, because a template may hold literal secrets. The `written_…` fields hold the value in
    the spec, or nothing if it is not set: a temporary change has to be undone to exactly that. `controlled_by` is kind
    and name of the owner that is its controller, the empty string if there is none.
    """

    meta: Meta
    template: Json = field(repr=False)
    strategy: Json = field(repr=False)
    status: RolloutStatus
    replicas: int = 1
    paused: bool = False
    restart_at: str = ""
    min_ready_seconds: int = 0
    progress_deadline_seconds: int = DEFAULT_PROGRESS_DEADLINE
    progress_deadline_abort: bool = False
    written_deadline: int | None = None
    written_deadline_abort: bool | None = None
    rollback_window: bool = False
    workload_ref: bool = False
    history_limit: int = DEFAULT_HISTORY_LIMIT
    selector: Json = field(default_factory=dict, repr=False)
    controlled_by: str = ""

    @property
    def canary(self) -> Json:
        """`spec.strategy.canary`, or an empty object."""
        return mapping(self.strategy, "canary")

    @property
    def steps(self) -> tuple[Json, ...]:
        """`spec.strategy.canary.steps`, as read from the API."""
        return objects(self.canary, "steps")

    @property
    def observed(self) -> bool:
        """Whether the controller has observed this generation. This alone does not prove adoption."""
        return self.status.observed_generation >= self.meta.generation

    @property
    def restarting(self) -> bool:
        """Whether a restart is due or in progress. Compares instants, because the spec keeps its writer's spelling."""
        asked, done = moment(self.restart_at), moment(self.status.restarted_at)
        return self.restart_at != "" and asked != done

    @property
    def settled_hash(self) -> str:
        """The pod hash of the stable and the desired revision, or the empty string while the two differ."""
        status = self.status
        return status.stable_rs if status.stable_rs == status.current_pod_hash else ""


def rollout_view(document: Json) -> RolloutView:
    """Read a Rollout. Fields that are not set get Argo's defaults, except the `written_…` fields."""
    spec = mapping(document, "spec")
    return RolloutView(
        meta=meta_view(document),
        template=mapping(spec, "template"),
        strategy=mapping(spec, "strategy"),
        status=_status(mapping(document, "status")),
        replicas=max(0, whole(spec, "replicas", default=1)),
        paused=flag(spec, "paused"),
        restart_at=text(spec, "restartAt"),
        min_ready_seconds=whole(spec, "minReadySeconds"),
        progress_deadline_seconds=whole(spec, "progressDeadlineSeconds", default=DEFAULT_PROGRESS_DEADLINE),
        progress_deadline_abort=flag(spec, "progressDeadlineAbort"),
        written_deadline=_written(at(spec, "progressDeadlineSeconds"), int),
        written_deadline_abort=_written(at(spec, "progressDeadlineAbort"), bool),
        rollback_window=at(spec, "rollbackWindow") is not None,
        workload_ref=at(spec, "workloadRef") is not None,
        history_limit=whole(spec, "revisionHistoryLimit", default=DEFAULT_HISTORY_LIMIT),
        selector=mapping(spec, "selector"),
        controlled_by=_controller(document),
    )


def _controller(document: Json) -> str:
    owners = (owner for owner in objects(document, "metadata", "ownerReferences") if flag(owner, "controller"))
    return next((f"{text(owner, 'kind')} {text(owner, 'name')}" for owner in owners), "")


def _written(value: Any, kind: type[T]) -> T | None:
    return value if isinstance(value, kind) and type(value) is kind else None


def conditions_view(status: Json) -> tuple[Condition, ...]:
    """Read the `conditions` of any object's `status`, in their order."""
    return tuple(
        Condition(text(entry, "type"), text(entry, "status"), text(entry, "reason"), quoted(entry, "message"))
        for entry in objects(status, "conditions")
    )


def _status(status: Json) -> RolloutStatus:
    return RolloutStatus(
        phase=text(status, "phase"),
        message=quoted(status, "message"),
        observed_generation=whole(status, "observedGeneration"),
        current_pod_hash=text(status, "currentPodHash"),
        stable_rs=text(status, "stableRS"),
        step_index=whole(status, "currentStepIndex"),
        pauses=tuple(
            PauseCondition(text(entry, "reason"), moment(entry, "startTime"), text(entry, "startTime"))
            for entry in objects(status, "pauseConditions")
        ),
        controller_pause=flag(status, "controllerPause"),
        abort=flag(status, "abort"),
        aborted_at=moment(status, "abortedAt"),
        promote_full=flag(status, "promoteFull"),
        conditions=conditions_view(status),
        replicas=whole(status, "replicas"),
        updated=whole(status, "updatedReplicas"),
        available=whole(status, "availableReplicas"),
        restarted_at=text(status, "restartedAt"),
        selector=text(status, "selector"),
    )


@frozen
class RolloutPhase:
    """The phase and its message, as `kubectl argo rollouts status` would print them."""

    name: str
    message: Words = ""


def phase_of(rollout: RolloutView) -> RolloutPhase:
    """Return the phase as Argo's own clients work it out; the first rule that matches wins.

    Source: argo-rollouts v1.10.1 `utils/rollout/rolloututil.go: GetRolloutPhase`. A Rollout without `status.phase`
    was never reconciled and counts as not observed.
    """
    status = rollout.status
    if not rollout.observed or not status.phase:
        return RolloutPhase("Progressing", "waiting for rollout spec update to be observed")
    if status.controller_pause and not status.pauses:
        return RolloutPhase("Progressing", "waiting for rollout to unpause")
    return RolloutPhase(status.phase, sentence(status.message))
