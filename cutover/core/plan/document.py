"""The plan as it is written: every key, its type, and in words what is expected there (`core.plan.field_types`).

`None` stands for a key that is not written; the values of `core.plan.model` have none.
"""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from cutover.core.base.documents import API_VERSION
from cutover.core.plan.change_documents import ChangeDocument
from cutover.core.plan.field_types import (
    Code,
    Context,
    Label,
    Part,
    Reason,
    Span,
    SpanOrAuto,
    Subdomain,
    Value,
    Wait,
    WaitOrAuto,
)
from cutover.core.plan.yaml_events import Unquoted

KIND: Final = "CutoverPlan"


class TargetDocument(Part):
    """`target`: the Rollout and its namespace are named after the app where they are not given."""

    app: Label
    rollout: Subdomain | None = None
    namespace: Label | None = None
    context: Context | None = None


class WatchDocument(Part):
    """`watch`."""

    ready_within: WaitOrAuto = "auto"
    adopt_within: Wait = "60s"
    hold: SpanOrAuto = "auto"
    bake: Span = "5m"


def _number(written: object) -> object:
    """The one number of a plan stands there without quotes; everything else is text."""
    return int(written.text) if isinstance(written, Unquoted) and written.text.isdecimal() else written


Seconds = Annotated[
    int,
    Field(ge=10, le=86400, description="a whole number of seconds from 10 to 86400"),
    BeforeValidator(_number),
]


class DeadmanDocument(Part):
    """`deadman`."""

    seconds: Seconds


class AllowDocument(Part):
    """An entry of `allow`."""

    code: Code
    reason: Reason


class SpecDocument(Part):
    """`spec`."""

    target: TargetDocument
    changes: Annotated[list[ChangeDocument], Field(min_length=1, description="a list of at least one change")]
    watch: WatchDocument = WatchDocument()
    promotion: Annotated[Literal["steps", "auto", "full"], Field(description="steps, auto or full")] = "steps"
    on_failure: Annotated[Literal["restore", "abort", "hold"], Field(description="restore, abort or hold")] = "restore"
    point_of_no_return: (
        Annotated[Literal["none", "canaryReady", "promotion"], Field(description="none, canaryReady or promotion")]
        | None
    ) = None
    deadman: DeadmanDocument | None = None
    allow: list[AllowDocument] = Field(default=[], description="a list of findings to accept")


class MetadataDocument(Part):
    """`metadata`."""

    name: Label
    description: Value = ""


class PlanDocument(Part):
    """The whole plan."""

    api_version: Annotated[Literal["cutover.dev/v1alpha1"], Field(description=API_VERSION)]
    kind: Annotated[Literal["CutoverPlan"], Field(description=KIND)]
    metadata: MetadataDocument
    spec: SpecDocument
