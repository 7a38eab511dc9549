"""The signal that the controller does not adopt the new template."""

from cutover.core.base.cluster_text import sentence
from cutover.core.base.outcomes import Attribution
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import State
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.server_words import QUOTA


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return signs between the write and the adoption."""
    if not state.written or state.adopted or not isinstance(view.rollout, RolloutView):
        return ()
    return (*_invalid(view.rollout), *_refused(view.rollout), _late(state))


def _invalid(rollout: RolloutView) -> tuple[Sign, ...]:
    """Return a sign of `InvalidSpec`: the controller validates what the CRD lets through, then does not reconcile."""
    invalid = rollout.status.condition("InvalidSpec")
    if not rollout.observed or invalid.status != "True":
        return ()
    message = sentence("the controller calls the new spec invalid: ", invalid.message)
    return (Sign("invalid-spec", "rollout", message, SOON),)


def _refused(rollout: RolloutView) -> tuple[Sign, ...]:
    """Return a sign where the ReplicaSet cannot be created.

    The phase stays Healthy all the same (argo-rollouts `createDesiredReplicaSet`).
    """
    progressing = rollout.status.condition("Progressing")
    if not rollout.observed or progressing.reason != "ReplicaSetCreateError":
        return ()
    by_quota = progressing.message.says(QUOTA)
    to = Attribution.CAPACITY if by_quota else Attribution.INFRASTRUCTURE
    message = sentence("the new ReplicaSet could not be created: ", progressing.message)
    return (Sign("replicaset-refused", "rollout", message, SOON, to),)


def _late(state: State) -> Sign:
    within = state.run_spec.deadlines.adopt_within
    message = f"the controller did not take up the new template within {within:g} s"
    doubt = f"the controller is slow to take up the new template, it has {within:g} s"
    certain_at = state.written_at + within
    return Sign("not-adopted", "rollout", message, certain_at, suspect_at=certain_at - within / 2, doubt=doubt)


SIGNAL = Signal("adoption", watch)
