"""The signal that a container cannot be created because a Secret, a ConfigMap or a key is missing.

The kubelet retries forever, but a missing key does not appear by itself.
"""

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import NEVER, State
from cutover.core.engine.why_not_ready import container_trouble
from cutover.core.objects.pod import ContainerView
from cutover.core.objects.server_words import NO_SUCH_KEY


def watch(_state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign for each container of a canary pod in `CreateContainerConfigError`."""
    return tuple(
        Sign(
            "config-missing",
            pod.meta.name,
            sentence(f"pod {pod.meta.name}: ", container_trouble(container)),
            _when(container),
        )
        for pod in view.canary.pods
        for container in pod.containers
        if container.waiting == "CreateContainerConfigError"
    )


def _when(container: ContainerView) -> float:
    return SOON if container.waiting_message.says(NO_SUCH_KEY) else NEVER


SIGNAL = Signal("config_missing", watch)
