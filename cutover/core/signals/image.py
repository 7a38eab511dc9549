"""Whether the image cannot be used. A plan never changes images, so this is not the plan's fault."""

from types import MappingProxyType

from cutover.core.machine.scene import Scene
from cutover.core.machine.state import NEVER, State
from cutover.core.signals.explain import container_trouble
from cutover.core.signals.sign import SOON, Sign, Signal

# A registry that does not answer may answer later: those two only explain the deadline.
_CERTAIN = MappingProxyType(
    {"InvalidImageName": SOON, "ErrImageNeverPull": SOON, "ErrImagePull": NEVER, "ImagePullBackOff": NEVER}
)


def watch(_state: State, scene: Scene) -> tuple[Sign, ...]:
    """A sign for each container of a canary pod whose image cannot be used."""
    return tuple(
        Sign(
            "image", pod.meta.name, f"pod {pod.meta.name}: {container_trouble(container)}", _CERTAIN[container.waiting]
        )
        for pod in scene.canary.pods
        for container in pod.containers
        if container.waiting in _CERTAIN
    )


SIGNAL = Signal("image", watch)
