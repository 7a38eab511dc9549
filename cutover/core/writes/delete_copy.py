"""The write that deletes a copy of a config object that nothing refers to."""

from cutover.core.base.resources import resource_of
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigView
from cutover.core.patch.config_copies import COPY_OF
from cutover.core.writes.write import Method, Write, WriteName


def collect_write(target: Target, copy: ConfigView) -> Write:
    """Return the deletion of the copy, refused if it was changed, or created anew, after it was read."""
    meta = copy.meta
    body = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {"uid": meta.uid, "resourceVersion": meta.resource_version},
    }
    return Write(
        name=WriteName.COLLECT,
        title=f"remove {copy.kind} {target.namespace}/{meta.name}, a copy of {meta.labels.get(COPY_OF, 'nothing')}",
        target=target,
        operations=(),
        proof=lambda _stored: False,
        resource=resource_of(copy.kind),
        object_name=meta.name,
        method=Method.DELETE,
        body=body,
        occasion=meta.name,
    )
