"""Turns documents that stand in for the cluster, dumped or from Git, into a snapshot's parts."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from cutover.core.base.documents import Json, mapping, objects, strings, text
from cutover.core.base.frozen import frozen
from cutover.core.objects.config_object import ConfigRead, config_read
from cutover.core.objects.namespace_objects import AROUND, CONSUMERS, NamespaceObjects, namespace_objects_of
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.snapshot import Need

_KINDS: Final = ((Need.REPLICASETS, "ReplicaSet"), (Need.PODS, "Pod"), (Need.SERVICES, "Service"))
_NOWHERE: Final = "none of the files holds any"


@frozen
class Manifests:
    """The objects of one namespace, and those that name no namespace, in the order in which the files hold them."""

    documents: tuple[Json, ...] = field(repr=False)

    def of(self, kind: str) -> tuple[Json, ...]:
        """Return the objects whose `kind` is that."""
        return tuple(document for document in self.documents if text(document, "kind") == kind)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of the objects of a kind, in their order; one that occurs twice is there twice."""
        return tuple(text(document, "metadata", "name") for document in self.of(kind))

    def named(self, kind: str, name: str) -> tuple[Json, ...]:
        """Return all objects of that kind and name; a name may occur more than once."""
        return tuple(document for document in self.of(kind) if text(document, "metadata", "name") == name)

    def config(self, kind: str, name: str) -> ConfigRead | NotFound:
        """Return the first ConfigMap or Secret of that kind and name with its values, `stringData` included."""
        reads = (config_read(kind, _encoded(document)) for document in self.named(kind, name))
        return next(reads, NotFound(f"{kind.lower()}/{name}"))

    def unread(self, *, has_status: bool) -> Mapping[str, str]:
        """Return the parts of the cluster (`Need`) that none of the files holds, each with the reason."""
        missing = {need.value: _NOWHERE for need, kind in _KINDS if not self.of(kind)}
        return missing | ({} if has_status else {Need.STATUS.value: "the Rollout in the files has none"})

    def namespace_objects(self, rollout: str) -> NamespaceObjects:
        """Return the namespace's other objects for that Rollout.

        If the files hold any workload besides the Rollout, all kinds of workload count as read; otherwise none does.
        """
        documents = {resource: self.of(resource.kind) for resource in AROUND}
        others = sum(len(documents[resource]) for resource in CONSUMERS) > len(self.named("Rollout", rollout))
        present = {resource: bool(documents[resource]) for resource in AROUND} | dict.fromkeys(CONSUMERS, others)
        return namespace_objects_of(documents, {resource: _NOWHERE for resource, there in present.items() if not there})


def manifests_of(documents: Iterable[Any], namespace: str) -> Manifests:
    """Return the objects of the namespace and those that name none, with each `List` expanded into its items."""
    flat = (each for document in documents for each in _flat(document))
    return Manifests(tuple(each for each in flat if text(each, "metadata", "namespace") in ("", namespace)))


def _flat(document: Any) -> Iterator[Json]:
    if isinstance(document, Mapping):
        items = objects(document, "items")
        yield from items if text(document, "kind").endswith("List") else (document,)


def _encoded(document: Json) -> Json:
    """Move `stringData`, which only manifests have, into `data`, as the API server does."""
    plain = {key: base64.b64encode(value.encode()).decode() for key, value in strings(document, "stringData").items()}
    return {**document, "data": {**mapping(document, "data"), **plain}} if plain else document
