"""The dry run of a pod of a template: the CRD of a Rollout does not validate its template, the API of pods does."""

from cutover.core.base.documents import Json, mapping
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.writes.write import Method, Write, WriteName


def pod_write(target: Target, template: Json) -> Write:
    """Return the creation of one pod of the template, as a dry run only."""
    meta = mapping(template, "metadata")
    kept = {key: meta[key] for key in ("labels", "annotations") if key in meta}
    return Write(
        name=WriteName.POD,
        title=f"make a pod of rollout {target}",
        target=target,
        operations=(),
        proof=lambda _stored: False,
        dry_run=True,
        resource=Resource.POD,
        method=Method.CREATE,
        body={
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"generateName": "cutover-dry-run-", "namespace": target.namespace, **kept},
            "spec": mapping(template, "spec"),
        },
        strict=True,
    )
