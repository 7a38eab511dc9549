"""Which containers see a volume."""

from cutover.core.base.documents import Json, objects, text
from cutover.core.podtemplate.containers import containers


def mounting(template: Json, volume: str) -> tuple[str, ...]:
    """The names of the containers that mount the volume, init containers last."""
    held = (found for found in containers(template) if _mounts(found.document, volume))
    return tuple(dict.fromkeys(found.name for found in held))


def _mounts(container: Json, volume: str) -> bool:
    return any(text(mount, "name") == volume for mount in objects(container, "volumeMounts"))
