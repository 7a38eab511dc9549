"""The plan as it is written: every key, its type, and in words what is expected there.

The words are the descriptions of the types; error messages and the JSON Schema both come from them. `None` stands for a
key that is not written; the values of `core.plan.model` have none.
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints
from pydantic.alias_generators import to_camel

from cutover.core.contract import API_VERSION
from cutover.core.plan.durations import LONGEST, PATTERN, seconds_of
from cutover.core.plan.scalars import Unquoted

KIND: Final = "CutoverPlan"

NEW_VALUES: Final = ("value", "secretKeyRef", "configMapKeyRef", "remove")
"""What a variable becomes: exactly one of these keys of `env`."""

OLD_VALUES: Final = ("value", "secretKeyRef", "configMapKeyRef", "absent")
"""What it has to be: exactly one of these keys of `from`."""

_LABEL: Final = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
_SUBDOMAIN: Final = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
_DURATION: Final = rf"^({PATTERN})+$"
_DURATION_OR_AUTO: Final = rf"^(auto|({PATTERN})+)$"


def _at_most_a_day(text: str) -> str:
    if text != "auto" and seconds_of(text) > LONGEST:
        raise ValueError("too long")
    return text


def _more_than_zero(text: str) -> str:
    if text != "auto" and seconds_of(text) <= 0:
        raise ValueError("zero")
    return text


Label = Annotated[
    str,
    StringConstraints(pattern=_LABEL, max_length=63),
    Field(description="a DNS label (lower-case letters, digits and '-', at most 63 characters)"),
]
Subdomain = Annotated[
    str,
    StringConstraints(pattern=_SUBDOMAIN, max_length=253),
    Field(description="the name of an object (lower-case letters, digits, '-' and '.', at most 253 characters)"),
]
ConfigKey = Annotated[
    str,
    # A key must not be "." nor begin with "..": it becomes a file name where it is mounted.
    StringConstraints(pattern=r"^([-_a-zA-Z0-9]|\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$", max_length=253),
    Field(description="a key of a Secret or ConfigMap (letters, digits, '-', '_' and '.')"),
]
Variable = Annotated[
    str,
    StringConstraints(pattern=r"^[ -<>-~]+$", max_length=1024),
    Field(description="the name of an environment variable (printable ASCII without '=')"),
]
Context = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=1024),
    Field(description="the name of a context of the kubeconfig"),
]
Value = Annotated[str, Field(description="a string")]
Code = Annotated[
    str, StringConstraints(pattern=r"^C[0-9]{3}$"), Field(description="the code of a finding (C and three digits)")
]
Reason = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$", max_length=500),
    Field(description="one line of text, at most 500 characters"),
]
Only = Annotated[Literal[True], Field(description="true, or nothing")]
YesOrNo = Annotated[bool, Field(description="true or false")]
Wait = Annotated[
    str,
    StringConstraints(pattern=_DURATION, max_length=64),
    AfterValidator(_at_most_a_day),
    AfterValidator(_more_than_zero),
    Field(description="a duration like 90s or 1m30s, more than zero and at most 24h"),
]
WaitOrAuto = Annotated[
    str,
    StringConstraints(pattern=_DURATION_OR_AUTO, max_length=64),
    AfterValidator(_at_most_a_day),
    AfterValidator(_more_than_zero),
    Field(description="auto, or a duration like 90s or 1m30s, more than zero and at most 24h"),
]
Span = Annotated[
    str,
    StringConstraints(pattern=_DURATION, max_length=64),
    AfterValidator(_at_most_a_day),
    Field(description="a duration like 0s, 90s or 1m30s, at most 24h"),
]
SpanOrAuto = Annotated[
    str,
    StringConstraints(pattern=_DURATION_OR_AUTO, max_length=64),
    AfterValidator(_at_most_a_day),
    Field(description="auto, or a duration like 0s, 90s or 1m30s, at most 24h"),
]


class Part(BaseModel):
    """A mapping of the document: strict types, no unknown keys, unchangeable."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", alias_generator=to_camel)


class KeyRefDocument(Part):
    """`secretKeyRef`, `configMapKeyRef`."""

    name: Subdomain
    key: ConfigKey
    optional: YesOrNo = False


def _exactly_one(keys: tuple[str, ...], *apart: str) -> ConfigDict:
    """For the JSON Schema: one of the keys, and not all of those that are to stand apart."""
    rule: dict[str, JsonValue] = {"oneOf": [{"required": [key]} for key in keys]}
    return ConfigDict(json_schema_extra=rule | ({"not": {"required": list(apart)}} if apart else {}))


class OldDocument(Part):
    """`from`: exactly one of its keys, as `core.plan.relations` has it."""

    model_config = _exactly_one(OLD_VALUES)

    value: Value | None = None
    secret_key_ref: KeyRefDocument | None = None
    config_map_key_ref: KeyRefDocument | None = None
    absent: Only | None = None


class EnvDocument(Part):
    """`env`: exactly one of `value`, `secretKeyRef`, `configMapKeyRef`, `remove`, as `core.plan.relations` has it."""

    model_config = _exactly_one(NEW_VALUES, "container", "allContainers")

    name: Variable
    container: Label | None = None
    all_containers: Only | None = None
    value: Value | None = None
    secret_key_ref: KeyRefDocument | None = None
    config_map_key_ref: KeyRefDocument | None = None
    remove: Only | None = None
    expects: OldDocument | None = Field(default=None, alias="from")
    mode: Annotated[Literal["set", "replace", "add"], Field(description="set, replace or add")] = "set"


class ChangeDocument(Part):
    """An entry of `changes`: one key, the kind of change."""

    env: EnvDocument


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
    point_of_no_return: Annotated[
        Literal["none", "canaryReady", "promotion"], Field(description="none, canaryReady or promotion")
    ] = "none"
    deadman: DeadmanDocument | None = None
    allow: Annotated[list[AllowDocument], Field(description="a list of findings to accept")] = []


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
