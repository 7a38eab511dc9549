"""Asking the API server which rights we have (SelfSubjectAccessReview); this changes nothing in the cluster."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from cutover.adapters.background import together
from cutover.adapters.kube.api_errors import ApiUnavailable
from cutover.adapters.kube.http_messages import ConnectionLost
from cutover.adapters.kube.paths import ACCESS_REVIEWS
from cutover.adapters.kube.session import Session
from cutover.core.base.documents import at
from cutover.core.checks.required_rights import Right
from cutover.core.objects.read_results import ReadFailed

AT_ONCE: Final = 6
"""Questions at once: a plan of one variable has some thirty, and each of them at once takes a connection."""


def review_access(session: Session, namespace: str, wanted: Iterable[Right]) -> Mapping[Right, bool | ReadFailed]:
    """Whether each of these rights is granted, some asked at once. Everybody may ask (`system:basic-user`)."""
    rights = tuple(wanted)
    answers = together([partial(allowed, session, namespace, right) for right in rights], at_most=AT_ONCE)
    return dict(zip(rights, answers, strict=True))


def allowed(session: Session, namespace: str, right: Right) -> bool | ReadFailed:
    """Whether we have a right, as the API server says; `ReadFailed` if it could not be asked."""
    try:
        response = session.request("POST", ACCESS_REVIEWS, body=_review(namespace, right))
    except ConnectionLost as lost:
        return ApiUnavailable(right.resource, lost.reason)
    if not response.ok:
        return ApiUnavailable(right.resource, f"the API server answered {response.status} when asked for a right")
    return at(response.json(), "status", "allowed") is True


def _review(namespace: str, right: Right) -> Mapping[str, object]:
    attributes = {
        "namespace": namespace,
        "verb": right.verb,
        "group": right.group,
        "resource": right.resource,
        "subresource": right.subresource,
        "name": right.name,
    }
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
