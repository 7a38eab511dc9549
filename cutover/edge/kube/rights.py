"""Asking the API server what we may do. The question changes nothing."""

from collections.abc import Iterable, Mapping

from cutover.core.views.fields import at
from cutover.core.world import Unreadable
from cutover.edge.kube.errors import ConnectionLost
from cutover.edge.kube.paths import ACCESS_REVIEWS, Place
from cutover.edge.kube.session import Session
from cutover.edge.kube.trouble import Down
from cutover.edge.later import Later

Right = tuple[str, Place]
"""A verb and what it is done to; `Place.right` spells it for people."""


def rights(session: Session, wanted: Iterable[Right]) -> Mapping[Right, bool | Unreadable]:
    """Whether each of these is allowed, all asked side by side. Everybody may ask (`system:basic-user`)."""
    asked = {right: _ask(session, right) for right in wanted}
    return {right: answer.result() for right, answer in asked.items()}


def _ask(session: Session, right: Right) -> Later[bool | Unreadable]:
    return Later(lambda: allowed(session, *right))


def allowed(session: Session, verb: str, place: Place) -> bool | Unreadable:
    """Whether we may do that."""
    try:
        response = session.request("POST", ACCESS_REVIEWS, body=_review(verb, place))
    except ConnectionLost as lost:
        return Down(str(place), lost.reason)
    if not response.ok:
        return Down(str(place), f"the API server answered {response.status} when asked for a right")
    return at(response.json(), "status", "allowed") is True


def _review(verb: str, place: Place) -> Mapping[str, object]:
    attributes = {
        "namespace": place.namespace,
        "verb": verb,
        "group": place.group,
        "resource": place.resource,
        "subresource": place.subresource,
        "name": place.name,
    }
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
