"""The write that creates a copy of a config object, and its proof: the object has that content, whoever made it."""

from cutover.core.base.resources import resource_of
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigRead
from cutover.core.patch.config_copies import body_of
from cutover.core.patch.edit import ConfigCopy
from cutover.core.writes.write import Method, Write, WriteName


def copy_write(target: Target, copy: ConfigCopy, plan: str, run: str) -> Write:
    """Return the write that creates the copy; an equal, immutable object proves it, whoever made that."""
    return Write(
        name=WriteName.COPY,
        title=f"make {copy.kind} {target.namespace}/{copy.name}, a copy of {copy.source}",
        target=target,
        operations=(),
        proof=lambda stored: is_made(copy, stored),
        resource=resource_of(copy.kind),
        object_name=copy.name,
        method=Method.CREATE,
        body=body_of(copy, plan, run),
        occasion=copy.name,
    )


def is_made(copy: ConfigCopy, stored: object) -> bool:
    """Tell whether an object of that name is the copy: it has the same content and is immutable."""
    return isinstance(stored, ConfigRead) and stored.immutable and dict(stored.contents) == dict(copy.contents)
