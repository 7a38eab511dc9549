"""Writes a review as the text of a file, and reads it back."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from cutover.core.base.documents import API_VERSION, at, mapping, moment, objects, text
from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.review.reviewed_plan import KIND, PlanText, Review, ReviewedObject, ReviewedState

_VERSION: Final = 1


def review_text(review: Review) -> str:
    """Return the review as one JSON document, with a line break at its end."""
    state = review.state
    document = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "version": _VERSION,
        "reviewed": _spelled(review.reviewed),
        "expires": _spelled(review.expires),
        "plan": {"file": review.plan.file, "text": review.plan.text},
        "suffix": review.suffix,
        "salt": review.salt,
        "ground": {
            "uid": state.uid,
            "stable": state.stable,
            "templateDigest": state.template_digest,
            "resultDigest": state.result_digest,
            "owners": list(state.owners),
            "objects": [
                {"kind": each.kind, "name": each.name, "uid": each.uid, "content": each.content}
                for each in state.objects
            ],
            "template": state.template,
            "strategy": state.strategy,
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def is_review(data: bytes) -> bool:
    """Whether the bytes of a file are a review, not a plan."""
    return isinstance(_read(data), dict) and text(_read(data), "kind") == KIND


def review_of(data: bytes, file: str) -> Review:
    """Read the review from the bytes of a file.

    Raises:
        InvalidPlanError: they are no review that this version wrote.
    """
    document = _read(data)
    if at(document, "version") != _VERSION or text(document, "apiVersion") != API_VERSION:
        raise _invalid(file, f"expected a {KIND} of version {_VERSION} of {API_VERSION}, found another")
    review = _review(document)
    if not (review.plan.text and review.salt and review.state.uid and review.expires > review.reviewed > 0):
        raise _invalid(file, f"expected a whole {KIND}, found one with parts missing")
    return review


def _review(document: Any) -> Review:
    state = mapping(document, "ground")
    return Review(
        plan=PlanText(text(document, "plan", "text"), text(document, "plan", "file")),
        reviewed=moment(document, "reviewed"),
        expires=moment(document, "expires"),
        suffix=text(document, "suffix"),
        salt=text(document, "salt"),
        state=ReviewedState(
            uid=text(state, "uid"),
            stable=text(state, "stable"),
            template=mapping(state, "template"),
            strategy=mapping(state, "strategy"),
            template_digest=text(state, "templateDigest"),
            result_digest=text(state, "resultDigest"),
            owners=tuple(owner for owner in at(state, "owners") or () if isinstance(owner, str)),
            objects=tuple(
                ReviewedObject(text(each, "kind"), text(each, "name"), text(each, "uid"), text(each, "content"))
                for each in objects(state, "objects")
            ),
        ),
    )


def _read(data: bytes) -> Any:
    try:
        return json.loads(data) if data.lstrip()[:1] == b"{" else {}
    except (ValueError, RecursionError):
        return {}


def _invalid(file: str, message: str) -> InvalidPlanError:
    return InvalidPlanError(Problem(message, file=file, line=1, remedy="save it again: cutover diff PLAN --out FILE"))


def _spelled(moment_: float) -> str:
    return datetime.fromtimestamp(moment_, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
