"""A pod of a template, only ever asked for as a dry run: the CRD of a Rollout does not check its template, pods do."""

from cutover.core.base.documents import Json, mapping
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.writes.write import Method, Write, WriteName


def pod_write(target: Target, template: Json) -> Write:
    """What creating one pod of the template takes; it is never sent but as a dry run."""
    meta = mapping(template, "metadata")
    kept = {key: meta[key] for key in ("labels", "annotations") if key in meta}
    return Write(
        name=WriteName.POD,
        title=f"make a pod of rollout {target}",
        target=target,
        operations=(),
        proof=lambda _found: False,
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
