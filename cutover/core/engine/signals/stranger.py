"""The signal that somebody else acts on the same Rollout."""

from cutover.core.base.cluster_text import ClusterText, sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import State
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.server_words import ABORTED_BY
from cutover.core.writes.deadman import is_armed
from cutover.core.writes.write import FIELD_MANAGER


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return signs that the Rollout is no longer as the run wrote it."""
    rollout = view.rollout
    if isinstance(rollout, NotFound):
        return (Sign("deleted", "rollout", "the Rollout was deleted", SOON),)
    if not isinstance(rollout, RolloutView):
        return ()
    if rollout.meta.uid != state.run_spec.uid:
        return (Sign("deleted", "rollout", "the Rollout was deleted and made anew", SOON),)
    return (*_changed(state, rollout), *_aborted(state, rollout)) if state.written else ()


def _changed(state: State, rollout: RolloutView) -> tuple[Sign, ...]:
    if rollout.template == state.run_spec.before:
        return (Sign("undone", "rollout", f"the old template was put back{by(rollout)}", SOON),)
    if rollout.template != state.stored_template:
        return (Sign("superseded", "rollout", f"the template was changed{by(rollout)}", SOON),)
    if rollout.strategy != state.run_spec.strategy:
        return (Sign("superseded", "rollout", "the strategy was changed", SOON),)
    return ()


def by(rollout: RolloutView) -> str:
    """Return who wrote the template last, by the field manager that the API server noted."""
    writers = [manager for manager in rollout.meta.managers if manager.template and manager.name != FIELD_MANAGER]
    return f" by {max(writers, key=lambda manager: manager.at).name}" if writers else " by somebody else"


def _aborted(state: State, rollout: RolloutView) -> tuple[Sign, ...]:
    if state.promoted or not rollout.status.abort or rollout.status.current_pod_hash != state.canary_hash:
        return ()
    progressing = rollout.status.condition("Progressing")
    message = progressing.message if progressing.reason == "RolloutAborted" else ClusterText()
    code = next((code for words, code in ABORTED_BY if message.says(words)), "aborted")
    if code == "progress-deadline" and is_armed(rollout, state.run_spec.armed):
        return (Sign("deadman", "rollout", sentence("the dead-man aborted it: ", message), SOON),)
    return (Sign(code, "rollout", sentence(message) or "the canary was aborted by somebody else", SOON),)


SIGNAL = Signal("stranger", watch)
