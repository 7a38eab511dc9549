"""The writes of the Lease: what exactly they change, and how they are sent."""

from typing import Any

from cutover.core.base.resources import Resource
from cutover.core.objects.lease import LeaseView, lease_view
from cutover.core.writes.lease import (
    lay_down_write,
    release_write,
    renew_write,
    seize_write,
    take_over_write,
    take_write,
    verdict_write,
)
from cutover.core.writes.lock_holder import Holder, holder_text
from cutover.core.writes.write import Method, WriteName
from tests.core.checks.documents import GONE, changed
from tests.core.engine.stage import TARGET
from tests.core.writes.test_lease_writes import THEM, US, UTC, applied


def lease(holder: Holder = THEM, **changes: Any) -> dict[str, Any]:
    body = changed(take_write(TARGET, holder, UTC).body, {"metadata.uid": "u-1", "metadata.resourceVersion": "7"})
    return changed(body, {path.replace("__", "."): value for path, value in changes.items()})


def seen(document: Any) -> LeaseView:
    return lease_view(document)


def test_a_renewal_changes_the_moment_and_nothing_else() -> None:
    write = renew_write(TARGET, US, UTC + 10)
    assert applied(lease(US), write) == changed(lease(US), {"spec.renewTime": "2026-11-18T11:06:50.000000Z"})
    assert (write.resource, write.named, write.quiet) == (Resource.LEASE, "cutover-payments", True)


def test_whoever_takes_over_begins_anew_and_counts_the_change() -> None:
    write = take_over_write(TARGET, seen(lease(spec__leaseTransitions=4)), US, UTC + 60)
    after = applied(lease(spec__leaseTransitions=4), write)
    assert after["spec"] == {
        "holderIdentity": "alice@host/s1",
        "leaseDurationSeconds": 30,
        "acquireTime": "2026-11-18T11:07:40.000000Z",
        "renewTime": "2026-11-18T11:07:40.000000Z",
        "leaseTransitions": 5,
    }
    assert after["metadata"]["annotations"] == {"cutover.dev/holder": holder_text(US)}
    assert (write.proof(seen(after)), write.proof(seen(lease()))) == (True, False)


def test_a_lease_without_annotations_is_taken_over_too() -> None:
    bare = lease(metadata__annotations=GONE)
    for write in (
        take_over_write(TARGET, seen(bare), US, UTC),
        seize_write(TARGET, seen(bare), US, UTC, verdict="{}", words="why"),
    ):
        assert applied(bare, write)["metadata"]["annotations"]["cutover.dev/holder"] == holder_text(US)


def test_a_lease_is_seized_even_where_it_has_changed_since() -> None:
    write = seize_write(TARGET, seen(lease()), US, UTC, verdict="{}", words="why")
    assert applied(lease(metadata__resourceVersion="8"), write)["spec"]["holderIdentity"] == "alice@host/s1"


def test_a_verdict_changes_one_annotation_and_sends_its_words_apart() -> None:
    write = verdict_write(TARGET, US.name, '{"code": "deadline"}', "the secret words")
    there, after = lease(US), applied(lease(US), write)
    added = {**there["metadata"]["annotations"], "cutover.dev/verdict": '{"code": "deadline"}'}
    assert after == changed(there, {"metadata.annotations": added})
    assert write.words == (("/metadata/annotations/cutover.dev~1because", "the secret words"),)
    assert "secret" not in str(write.operations)
    assert (write.within, write.quiet) == (1.0, True)
    assert (write.proof(seen(after)), write.proof(seen(there))) == (True, False)


def test_what_is_laid_down_is_nobodys_and_keeps_its_verdict() -> None:
    there = lease(US, metadata__annotations={"cutover.dev/verdict": "{}"})
    write = lay_down_write(TARGET, US)
    after = applied(there, write)
    assert after == changed(there, {"spec.holderIdentity": ""})
    assert (write.proof(seen(after)), write.proof(seen(there))) == (True, False)


def test_a_release_deletes_exactly_what_was_seen() -> None:
    write = release_write(TARGET, seen(lease(US)))
    assert (write.name, write.method, write.resource, write.named) == (
        WriteName.RELEASE,
        Method.DELETE,
        Resource.LEASE,
        "cutover-payments",
    )
    assert write.body == {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {"uid": "u-1", "resourceVersion": "7"},
    }
