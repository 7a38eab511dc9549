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
    """`target`: the Rollout and its namespace are both named like the app, unless they are written."""

    app: DnsLabel
    rollout: Subdomain | None = None
    namespace: DnsLabel | None = None
    context: ContextName | None = None


class WatchDocument(DocumentPart):
    """`watch`: the time limits of the run's phases; `auto` is worked out from the live application."""

    ready_within: PositiveDurationOrAuto = "auto"
    adopt_within: PositiveDuration = "60s"
    hold: DurationOrAuto = "auto"
    bake: Duration = "5m"


def _number(written: object) -> object:
    """Read an unquoted whole number as an int; leave everything else for the type to refuse."""
    return int(written.text) if isinstance(written, Unquoted) and written.text.isdecimal() else written


Seconds = Annotated[
    int,
    Field(ge=10, le=86400, description="a whole number of seconds from 10 to 86400"),
    BeforeValidator(_number),
]


class DeadmanDocument(DocumentPart):
    """`deadman`: after how many seconds without progress the controller itself aborts; absent means never."""

    seconds: Seconds


class AllowDocument(DocumentPart):
    """An entry of `allow`: a finding that the plan accepts, and the reason that every report repeats."""

    code: FindingCode
    reason: ReasonText


class SpecDocument(DocumentPart):
    """`spec`: `target` and `changes` are required, everything else has a default or is optional."""

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
    """`metadata`: the plan's name, which also labels copies of config objects; the description is for reports."""

    name: DnsLabel
    description: TextValue = ""


class PlanDocument(DocumentPart):
    """The whole plan; `apiVersion` and `kind` have one possible value each."""

    api_version: Annotated[Literal["cutover.dev/v1alpha1"], Field(description=API_VERSION)]
    kind: Annotated[Literal["CutoverPlan"], Field(description=KIND)]
    metadata: MetadataDocument
    spec: SpecDocument
