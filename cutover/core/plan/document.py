"""The document types of a plan: every key, its type, and a description of what is expected (`core.plan.field_types`).

`None` means that a key is not written; the values of `core.plan.model` have no `None`.
"""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from cutover.core.base.documents import API_VERSION
from cutover.core.plan.change_documents import ChangeDocument
from cutover.core.plan.field_types import (
    ContextName,
    DnsLabel,
    DocumentPart,
    Duration,
    DurationOrAuto,
    FindingCode,
    PositiveDuration,
    PositiveDurationOrAuto,
    ReasonText,
    Subdomain,
    TextValue,
)
from cutover.core.plan.yaml_events import Unquoted

KIND: Final = "CutoverPlan"


class TargetDocument(DocumentPart):
    """`target`: the app's name is the default for the Rollout and its namespace."""

    app: DnsLabel
    rollout: Subdomain | None = None
    namespace: DnsLabel | None = None
    context: ContextName | None = None


class WatchDocument(DocumentPart):
    """`watch`."""

    ready_within: PositiveDurationOrAuto = "auto"
    adopt_within: PositiveDuration = "60s"
    hold: DurationOrAuto = "auto"
    bake: Duration = "5m"


def _number(written: object) -> object:
    """Read the only number of a plan, which is written without quotes; everything else is text."""
    return int(written.text) if isinstance(written, Unquoted) and written.text.isdecimal() else written


Seconds = Annotated[
    int,
    Field(ge=10, le=86400, description="a whole number of seconds from 10 to 86400"),
    BeforeValidator(_number),
]


class DeadmanDocument(DocumentPart):
    """`deadman`."""

    seconds: Seconds


class AllowDocument(DocumentPart):
    """An entry of `allow`."""

    code: FindingCode
    reason: ReasonText


class SpecDocument(DocumentPart):
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


class MetadataDocument(DocumentPart):
    """`metadata`."""

    name: DnsLabel
    description: TextValue = ""


class PlanDocument(DocumentPart):
    """The whole plan."""

    api_version: Annotated[Literal["cutover.dev/v1alpha1"], Field(description=API_VERSION)]
    kind: Annotated[Literal["CutoverPlan"], Field(description=KIND)]
    metadata: MetadataDocument
    spec: SpecDocument
