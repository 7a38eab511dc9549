"""The old values that a plan's edits take away, as patterns to search for elsewhere: the value, or the host in it.

A value is searched for and never shown: a report names only where it was found. A value that would be found everywhere
(a plain word, a number, localhost) is not searched for, nor is a host that stays the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.snapshot import ConfigId
from cutover.core.patch.edit import Edit, Edits, EnvEdit
from cutover.core.podtemplate.env_source import EnvSource, FromConfigMap, FromSecret, LiteralValue
from cutover.core.podtemplate.field_paths import Value

SHORTEST: Final = 6
"""Characters that a literal must have to be searched for; a shorter one may be any word."""

_SHORTEST_HOST: Final = 4
_HOSTS: Final = re.compile(r"://(?:[^/\s@]*@)?([^/\s?#\"']+)")
_ADDRESS: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9.-]*):[0-9]{1,5}")
_PORT: Final = re.compile(r":[0-9]{1,5}$")
_OWN: Final = re.compile(r"localhost|127(\.[0-9]+){3}|0\.0\.0\.0", re.IGNORECASE)
_WORD_OR_NUMBER: Final = re.compile(r"[A-Za-z]+|[0-9]+(\.[0-9]+)?[A-Za-z%]{0,3}")

ReadConfigs = Mapping[ConfigId, object]


@frozen
class OldValue:
    """One old value: in words what held it, and the pattern that finds the value in a text."""

    what: str
    _found_by: re.Pattern[str] = field(repr=False)

    def stands_in(self, text: str) -> bool:
        """Whether the text contains the value, or the host in it."""
        return self._found_by.search(text) is not None


def old_values(edits: Edits, configs: ReadConfigs) -> tuple[OldValue, ...]:
    """Return what can be searched for, of each edit and of each key that a copy changes."""
    sought = (*(_of_edit(edit, configs) for edit in edits.edits), *_of_copies(edits))
    return tuple(value for name, old, new in sought for value in _old_values(name, old, new))


_Sought = tuple[str, "_Text", "_Text"]
"""What has the value, in words; its old value and its new one."""


@frozen
class _Text:
    """A value as text, empty if there is none; of a value in a config object, only the hosts are searched for."""

    text: SecretText
    in_config_object: bool = False


_NONE: Final = _Text(SecretText(""))


def _of_edit(edit: Edit, configs: ReadConfigs) -> _Sought:
    if isinstance(edit, EnvEdit):
        where = f"{edit.variable} of container {edit.container}"
        return where, _of_source(edit.before, configs), _of_source(edit.after, configs)
    before, after = (
        _Text(SecretText(part.document)) if isinstance(part, Value) and isinstance(part.document, str) else _NONE
        for part in (edit.before, edit.after)
    )
    return edit.name, before, after


def _of_source(source: EnvSource | None, configs: ReadConfigs) -> _Text:
    match source:
        case LiteralValue(value):
            return _Text(value)
        case FromSecret(name, key):
            return _of_object(configs.get(("Secret", name)), key)
        case FromConfigMap(name, key):
            return _of_object(configs.get(("ConfigMap", name)), key)
        case _:
            return _NONE


def _of_object(read: object, key: str) -> _Text:
    value = read.values.get(key) if isinstance(read, ConfigRead) else None
    return _NONE if value is None else _Text(value, in_config_object=True)


def _of_copies(edits: Edits) -> Iterator[_Sought]:
    for copy in edits.copies:
        for change in copy.changes:
            before, after = (
                _NONE if each is None else _Text(each.value, in_config_object=True)
                for each in (change.before, change.after)
            )
            yield f"key {change.key} of {copy.kind} {copy.base}", before, after


# -- patterns ----------------------------------------------------------------------------------------------------------


def _old_values(name: str, old: _Text, new: _Text) -> Iterator[OldValue]:
    """Yield the pattern for the hosts that the new value lacks; if there are none, that for the whole literal."""
    text = old.text.reveal()
    if not text or old.text == new.text:
        return
    hosts = tuple(host for host in _hosts(text) if host not in _hosts(new.text.reveal()))
    if hosts:
        yield OldValue(f"the host in the old {name}", re.compile("|".join(map(_host, hosts)), re.IGNORECASE))
    elif not old.in_config_object and _is_telling(text):
        yield OldValue(f"the old {name}", re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])"))


def _hosts(text: str) -> tuple[str, ...]:
    """Return the hosts in URLs, or of `host:port`, without those that mean the pod itself."""
    address = _ADDRESS.fullmatch(text)
    listed = (address[1],) if address else _HOSTS.findall(text)
    hosts = (_PORT.sub("", host).lower() for each in listed for host in each.split(","))
    return tuple(host for host in hosts if len(host) >= _SHORTEST_HOST and not _OWN.fullmatch(host))


def _host(host: str) -> str:
    """Return the pattern for a host; one of letters only is found only where a host must be, as in a URL."""
    name = re.escape(host)
    if host.isalpha():
        return rf"(?:://|@){name}(?![\w-])|(?<![\w.-]){name}(?=:[0-9])"
    return rf"(?<![\w.-]){name}(?![\w-])"


def _is_telling(text: str) -> bool:
    return len(text) >= SHORTEST and not _WORD_OR_NUMBER.fullmatch(text) and not _OWN.fullmatch(text)
