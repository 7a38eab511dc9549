"""Other workloads that use what a plan moves its target away from, and so stay on the old value.

Only workloads of the namespace that could be read are considered. What they create (pods, Jobs of a CronJob) is not
listed beside them.
"""

from collections.abc import Iterator

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.objects.snapshot import Snapshot
from cutover.core.objects.workload import WorkloadView
from cutover.core.patch.edit import Edits
from cutover.core.patch.old_value_search import OldValue, old_values
from cutover.core.podtemplate.address_fields import address_texts
from cutover.core.podtemplate.config_references import ConfigReference, EveryKey, config_references

UsedKey = tuple[str, str, str | EveryKey]
"""Kind and name of a config object, and the key that is used of it."""


@frozen
class Consumer:
    """Another workload, and in words which of the old keys and values it uses."""

    kind: str
    name: str
    uses: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({'; '.join(self.uses)})"


def consumers_of(snapshot: Snapshot, edits: Edits) -> tuple[Consumer, ...]:
    """Return every workload but the target that uses something that the plan moves the target away from."""
    others = tuple(workload for workload in snapshot.namespace_objects.workloads if not _is_target(workload, snapshot))
    left, values = keys_left(edits), old_values(edits, snapshot.configs)
    uses = {workload.meta.uid or str(workload): (workload, _uses(workload, left, values)) for workload in others}
    return tuple(
        Consumer(workload.resource.kind, workload.meta.name, used)
        for workload, used in uses.values()
        if used and not uses.get(workload.meta.owner_uid, (workload, ()))[1]
    )


def _is_target(workload: WorkloadView, snapshot: Snapshot) -> bool:
    return (workload.resource, workload.meta.name) == (Resource.ROLLOUT, snapshot.target.rollout)


def _uses(workload: WorkloadView, left: tuple[UsedKey, ...], values: tuple[OldValue, ...]) -> tuple[str, ...]:
    all_uses = (
        use for template in workload.templates for use in (*_of_objects(template, left), *_of_values(template, values))
    )
    return tuple(dict.fromkeys(all_uses))


def _of_objects(template: Json, left: tuple[UsedKey, ...]) -> Iterator[str]:
    references = config_references(template)
    for kind, name, key in left:
        if any(
            (reference.kind, reference.name) == (kind, name) and _meet(reference.key, key) for reference in references
        ):
            yield f"{kind} {name}" if isinstance(key, EveryKey) else f"{kind} {name}, key {key}"


def _meet(one: str | EveryKey, other: str | EveryKey) -> bool:
    return one == other or isinstance(one, EveryKey) or isinstance(other, EveryKey)


def _of_values(template: Json, values: tuple[OldValue, ...]) -> Iterator[str]:
    addresses = address_texts(template)
    yield from (value.what for value in values if any(value.stands_in(address.text) for address in addresses))


# -- what the plan moves away from -------------------------------------------------------------------------------------


def keys_left(edits: Edits) -> tuple[UsedKey, ...]:
    """Return the keys to which the template refers before the plan, in references that the plan changes."""
    after = frozenset(config_references(edits.after))
    gone = (reference for reference in config_references(edits.before) if reference not in after)
    return tuple(dict.fromkeys(key for reference in gone for key in _keys(reference, edits)))


def _keys(reference: ConfigReference, edits: Edits) -> Iterator[UsedKey]:
    """Yield the keys that a reference uses; of a copied object only the changed ones: the rest is equal in the copy."""
    kind, name, key = reference.kind, reference.name, reference.key
    copies = [copy for copy in edits.copies if (copy.kind, copy.source) == (kind, name)]
    if not copies:
        yield kind, name, key
    for change in (change for copy in copies for change in copy.changes):
        if _meet(key, change.key):
            yield kind, name, change.key
