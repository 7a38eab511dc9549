"""The types of a plan's values, each with a description of what is expected.

Error messages and the JSON Schema show these descriptions.
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from cutover.core.base.units import DURATION_PART, LONGEST_WAIT, seconds_of

_LABEL: Final = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
_SUBDOMAIN: Final = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
_DURATION: Final = rf"^({DURATION_PART})+$"
_DURATION_OR_AUTO: Final = rf"^(auto|({DURATION_PART})+)$"


def _at_most_a_day(text: str) -> str:
    if text != "auto" and seconds_of(text) > LONGEST_WAIT:
        raise ValueError("too long")
    return text


def _more_than_zero(text: str) -> str:
    if text != "auto" and seconds_of(text) <= 0:
        raise ValueError("zero")
    return text


DnsLabel = Annotated[
    str,
    StringConstraints(pattern=_LABEL, max_length=63),
    Field(description="a DNS label (lower-case letters, digits and '-', at most 63 characters)"),
]
Subdomain = Annotated[
    str,
    StringConstraints(pattern=_SUBDOMAIN, max_length=253),
    Field(description="the name of an object (lower-case letters, digits, '-' and '.', at most 253 characters)"),
]
ConfigKeyName = Annotated[
    str,
    # A key must not be "." nor begin with "..", because a mounted key becomes a file name.
    StringConstraints(pattern=r"^([-_a-zA-Z0-9]|\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$", max_length=253),
    Field(description="a key of a Secret or ConfigMap (letters, digits, '-', '_' and '.')"),
]
VariableName = Annotated[
    str,
    StringConstraints(pattern=r"^[ -<>-~]+$", max_length=1024),
    Field(description="the name of an environment variable (printable ASCII without '=')"),
]
ContextName = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=1024),
    Field(description="the name of a context of the kubeconfig"),
]
TextValue = Annotated[str, Field(description="a string")]
FindingCode = Annotated[
    str, StringConstraints(pattern=r"^C[0-9]{3}$"), Field(description="the code of a finding (C and three digits)")
]
ReasonText = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$", max_length=500),
    Field(description="one line of text, at most 500 characters"),
]
OnlyTrue = Annotated[Literal[True], Field(description="true, or nothing")]
YesOrNo = Annotated[bool, Field(description="true or false")]
PositiveDuration = Annotated[
    str,
    StringConstraints(pattern=_DURATION, max_length=64),
    AfterValidator(_at_most_a_day),
    AfterValidator(_more_than_zero),
    Field(description="a duration like 90s or 1m30s, more than zero and at most 24h"),
]
PositiveDurationOrAuto = Annotated[
    str,
    StringConstraints(pattern=_DURATION_OR_AUTO, max_length=64),
    AfterValidator(_at_most_a_day),
    AfterValidator(_more_than_zero),
    Field(description="auto, or a duration like 90s or 1m30s, more than zero and at most 24h"),
]
Duration = Annotated[
    str,
    StringConstraints(pattern=_DURATION, max_length=64),
    AfterValidator(_at_most_a_day),
    Field(description="a duration like 0s, 90s or 1m30s, at most 24h"),
]
DurationOrAuto = Annotated[
    str,
    StringConstraints(pattern=_DURATION_OR_AUTO, max_length=64),
    AfterValidator(_at_most_a_day),
    Field(description="auto, or a duration like 0s, 90s or 1m30s, at most 24h"),
]
DataRelationWord = Annotated[
    Literal["same", "independent", "replica", "bidirectional", "dualWrite"],
    Field(
        description="same, independent, replica, bidirectional or dualWrite: what the data behind the new database is "
        "to that behind the old one"
    ),
]
IssuerUrl = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$", max_length=1024),
    Field(description="the URL of an issuer (http:// or https://, without user, query and fragment)"),
]
OneLine = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$", max_length=1024),
    Field(description="one line of text"),
]
Pointer = Annotated[
    str,
    StringConstraints(pattern=r"^/spec/template(/([^/~]|~[01])*)+$", max_length=1024),
    Field(description="a JSON pointer below /spec/template"),
]
ConfigValue = Annotated[str, Field(description="the value of a key of a ConfigMap, a string")]


class DocumentPart(BaseModel):
    """The base of all mappings in the document: strict types, no unknown keys, immutable."""

    # `defer_build`: otherwise each part is compiled by itself, and then again as a part of the whole document.
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", alias_generator=to_camel, defer_build=True)
