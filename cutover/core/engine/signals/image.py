"""The signal that an image cannot be used. A plan never changes images, so this is not the plan's fault."""

from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import NEVER, State
from cutover.core.engine.why_not_ready import IMAGE_TROUBLE, container_trouble
from cutover.core.objects.pod import ContainerView

_FOR_GOOD: Final = frozenset({"InvalidImageName", "ErrImageNeverPull"})
"""Waiting reasons that never end. The others may, once the registry answers; they only explain a missed deadline."""


def watch(_state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign for each container of a canary pod whose image cannot be used."""
    return tuple(
        Sign("image", pod.meta.name, sentence(f"pod {pod.meta.name}: ", container_trouble(container)), _when(container))
        for pod in view.canary.pods
        for container in pod.containers
        if container.waiting in IMAGE_TROUBLE
    )


def _when(container: ContainerView) -> float:
    return SOON if container.waiting in _FOR_GOOD else NEVER


SIGNAL = Signal("image", watch)
