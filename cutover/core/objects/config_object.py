"""The views of a ConfigMap or Secret: one with its keys only, one with its values as secret text."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import field, replace

from cutover.core.base.documents import Json, flag, mapping, strings, text
from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.meta import Meta, meta_view


@frozen
class ConfigView:
    """A ConfigMap or Secret with the names of its keys, without its values."""

    kind: str
    meta: Meta
    keys: frozenset[str]
    immutable: bool


@frozen
class ConfigRead(ConfigView):
    """A ConfigMap or Secret with its values as secret text: they may be compared, masked and copied, never shown.

    `values` holds them as text, with other bytes escaped; `contents` holds them exactly, in base64; `binary` names the
    keys whose values are not text. `type` is a Secret's.
    """

    values: Mapping[str, SecretText] = field(default_factory=dict, repr=False)
    contents: Mapping[str, SecretText] = field(default_factory=dict, repr=False)
    binary: frozenset[str] = frozenset()
    type: str = ""


def config_view(kind: str, document: Json) -> ConfigView:
    """Read the metadata and key names, no values, of a `Secret` or `ConfigMap` (`kind`)."""
    keys = {*mapping(document, "data"), *mapping(document, "binaryData")}
    return ConfigView(kind=kind, meta=meta_view(document), keys=frozenset(keys), immutable=flag(document, "immutable"))


def config_read(kind: str, document: Json) -> ConfigRead:
    """Read a `Secret` or `ConfigMap` (`kind`) with its values as secret text, and without its annotations."""
    view, contents = config_view(kind, document), _contents(kind, document)
    return ConfigRead(
        kind=kind,
        meta=_without_copies(view.meta),
        keys=view.keys,
        immutable=view.immutable,
        values={key: SecretText(text_of(value)) for key, value in contents.items()},
        contents={key: SecretText(value) for key, value in contents.items()},
        binary=_binary(kind, document, contents),
        type=text(document, "type"),
    )


def _contents(kind: str, document: Json) -> Mapping[str, str]:
    """Return every key's value in base64; an invalid one of a Secret stays as it is, so that it can be compared."""
    if kind == "Secret":
        return strings(document, "data")
    plain = {key: base64.b64encode(value.encode()).decode() for key, value in strings(document, "data").items()}
    return {**plain, **strings(document, "binaryData")}


def _binary(kind: str, document: Json, contents: Mapping[str, str]) -> frozenset[str]:
    if kind != "Secret":
        return frozenset(strings(document, "binaryData"))
    return frozenset(key for key, value in contents.items() if not _is_text(value))


def _is_text(value: str) -> bool:
    try:
        base64.b64decode(value).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return True


def text_of(value: str) -> str:
    """Return a base64 value as text; bytes that are not text are escaped, so that different bytes stay different."""
    try:
        return base64.b64decode(value).decode(errors="backslashreplace")
    except binascii.Error:
        return value


def _without_copies(meta: Meta) -> Meta:
    """Drop all annotations: `kubectl apply` keeps a copy of the whole object in one, with a Secret's values."""
    return replace(meta, annotations={})
