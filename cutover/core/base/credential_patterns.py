"""Locates the secret parts of a text, and of a value under a name: by their form, and by the names before them.

Every pattern must run in linear time on hostile text: each repetition is bounded, or can start at one point only.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from cutover.core.base.credential_forms import TO_SCHEME, SecretSpan, told_by_form
from cutover.core.base.credential_names import WORD, is_credential_name, name_words

_TAG: Final = re.compile(r"<masked-[0-9a-f]{6}>")

_REFERENCE: Final = re.compile(
    # Filled in by Kubernetes, a shell, Spring, Python, Helm
    r"(?:\$\([\w.-]+\)|\$\{[\w.-]+\}|\$[A-Za-z_]\w*|%\([\w.-]+\)s|\{\{[^{}\n]{0,256}\}\})+"
    # Where to fetch it: AWS, Google Cloud, Vault (Bank-Vaults, vals), 1Password, Doppler
    r"|arn:aws[\w-]{0,16}:(?:secretsmanager|ssm|kms):[\w/:+=.@*-]{1,2048}"
    r"|(?:sm://)?projects/[\w.-]{1,64}/secrets/[\w.-]{1,255}(?:/versions/\w{1,16})?"
    r"|(?:vault:|ref\+\w{1,32}://|op://|awssm://|gcpsm://|azkv://|secretref:)[\w/.#:?=&@+-]{1,1024}"
    # Nothing, or an answer to yes or no
    r"|(?i:true|false|null|none|\*{3,})"
)
"""Values that stand for a credential, or for none, and are none themselves."""

_PUBLISHED: Final = re.compile(
    r"(?s)\s*(?:-----BEGIN (?:CERTIFICATE|[A-Z0-9 ]{0,32}PUBLIC KEY)-----.*"
    r"|(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,32}) AAAA[\w+/=]{8,}[^\n]*)\s*"
)
"""Keys and certificates that are made to be published."""

# In the ARN of a secret, `secret` stands after the account's number.
# The kubelet reports a missing key as "non-existent secret key: url": that name is the cause of a failure, no secret.
# The Authorization header has its own form, because its first word is a scheme.
_KEY: Final = re.compile(
    r"(?i)(?<![\w.\[\]-])(?<!non-existent secret )(?<!non-existent config )(?<!\d{12}:)"
    rf"(?=[\w.\[\]-]*?(?:{WORD}|pw|salt|pepper|auth|userinfo))(?!(?:[\w-]*-)?authorization{TO_SCHEME})"
    r"(?P<name>[\w.\[\]-]++)(?:\\{0,8}[\"']|&quot;|&#3[49];|%22)?[ \t]{0,8}+(?P<sign>:=|=>|[:=]|%3[ad])[ \t]{0,8}+"
)
_VALUES: Final = (
    # What was masked before, and what only stands for a credential
    re.compile(rf"(?:{_TAG.pattern}|{_REFERENCE.pattern})(?=[\s,;)}}\]&\"'\\<@|]|\Z)"),
    re.compile(r"\"((?:\\.|[^\"\\\n])*)"),
    re.compile(r"'((?:\\.|[^'\\\n])*)"),
    re.compile(r"(?m)(\\{1,8}[\"'])(.*?)(?<!\\)(?=\1|$)"),  # \"…\": JSON inside of JSON
    re.compile(r"(&quot;|&#3[49];|%22)(.*?)(?=\1|\n|\Z)"),  # JSON inside of HTML, or of a query
    re.compile(r"(?<=\":)[ \t]{0,8}(-?\d+(?:\.\d+)?)(?=\s{0,8}[,}\]])"),  # a number in compact JSON
    re.compile(r"[{\[]\s{0,8}(?:[\"'{}\[\]\\]|\Z)"),  # a structure
    re.compile(r"\{((?:[^{}\n]|\}\})+)\}(?=[;\s]|\Z)"),  # ODBC, JDBC of SQL Server
    re.compile(r"(?<=:)?[|>][+-]?\d?[ \t]*\n((?:[ \t]+[^\n]*(?:\n|\Z))+)"),  # a block of YAML
    re.compile(r"(?<=%3[AaDd])([^\s&%\"']*(?:%(?!26|0[AaDd])[^\s&%\"']*)*)"),  # in a query inside of a query
)
"""What may follow a key; the first match counts. The last group is the secret value; without a group, there is none."""

_NEXT: Final = r"[ \t]{0,8}[A-Za-z][\w .-]{0,40}="
_ANYWHERE: Final = ""
_ENTRIES: Final = (
    ("(", re.compile(r"[^()\s]+(?=\))")),  # MySQL Connector/J, Oracle: (user=…)(password=…)
    (";", re.compile(r"[^;\n]+?(?=[ \t]{0,8};)")),  # ADO.NET, ODBC: a value may have spaces in it
    (_ANYWHERE, re.compile(rf"[^\s&;]+(?=;(?:{_NEXT}|\s*\Z))")),
    ("\n,", re.compile(rf"[^\s,&]+(?=,{_NEXT})")),  # StackExchange.Redis
    (_ANYWHERE, re.compile(r"[^\s&\"'][^\s&]*")),
)
"""What ends a value without quotes, by what stands before its key (a new line, or one of these characters).

The first that matches counts.
"""

_TAIL: Final = ",;)}]'\""
"""Punctuation that may follow a value without quotes; it belongs to the sentence, not to the value."""

_FLAG: Final = re.compile(r"(?<![\w-])--?(?P<name>[A-Za-z][\w.-]{0,64}+)[ \t]{1,8}+(?P<value>[^\s-]\S*)")
"""A flag of a command and the next word."""

_URL: Final = re.compile(
    r"(?i)(?:jdbc:)?(?:https?|postgres(?:ql)?|mysql|mariadb|rediss?|amqps?|mongodb(?:\+srv)?|nats|kafka|ldaps?|s3)://"
    r"(?:([^\s/]{0,4096})@)?[^\s/?#@]{1,512}/*(.*)",
    re.DOTALL,
)
_PAIR: Final = re.compile(r"[\w.@+-]{1,128}[:/](?!/)([^\s]{1,4096})")
_PAIR_WORDS: Final = frozenset({"auth", "userinfo"})
"""Last words of names whose value may be a user and a password: Neo4j's NEO4J_AUTH."""

_NEAR: Final = 8
_LONGEST_NAME: Final = 128

_is_name: Final = lru_cache(4096)(is_credential_name)


def secret_parts(text: str) -> Iterator[SecretSpan]:
    """Yield the spans of the credentials in `text`, in no particular order; they may overlap."""
    parts = (*told_by_form(text), *_told_by_name(text))
    return (part for part in parts if part[0] < part[1] and not _is_none(text, *part))


def named_parts(name: str, value: str) -> tuple[SecretSpan, ...]:
    """Return the spans of the credentials in a value that its name tells: all of it, except a URL's scheme and host."""
    if _is_name(name):
        return () if _REFERENCE.fullmatch(value) or _PUBLISHED.fullmatch(value) else _whole_but_host(value)
    pair = _PAIR.fullmatch(value) if _names_a_pair(name) else None
    return (pair.span(1),) if pair else ()


def _whole_but_host(value: str) -> tuple[SecretSpan, ...]:
    url = _URL.fullmatch(value)
    parts = (url.span(1), url.span(2)) if url else ((0, len(value)),)
    return tuple(part for part in parts if part[0] < part[1])


def _names_a_pair(name: str) -> bool:
    return not _PAIR_WORDS.isdisjoint(name_words(name)[-1:])


def _is_none(text: str, start: int, end: int) -> bool:
    """Whether the span holds what was masked before, or only stands for a credential."""
    return bool(_TAG.fullmatch(text, start, end) or _REFERENCE.fullmatch(text, start, end))


def _told_by_name(text: str) -> Iterator[SecretSpan]:
    for name, start, end in (*_flags(text), *_keyed(text)):
        yield from ((start + one, start + other) for one, other in named_parts(name, text[start:end]))


def _flags(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each flag's name with the span of the word after it."""
    return ((flag["name"], *flag.span("value")) for flag in _FLAG.finditer(text))


def _keyed(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each key that may tell a credential with its value's span; the text inside the value is no key."""
    at = 0
    while key := _KEY.search(text, at):
        at, name = key.end(), key["name"][-_LONGEST_NAME:]
        span = _value(text, key) if _is_name(name) or _names_a_pair(name) else None
        if span is not None:
            at = span[1]
            yield (name, *span)


def _value(text: str, key: "re.Match[str]") -> SecretSpan | None:
    """Return the span of the value after a key; None if there is none."""
    value = next(filter(None, (pattern.match(text, key.end()) for pattern in _VALUES)), None)
    if value is None:
        return _plain_value(text, key)
    return value.span(value.re.groups) if value.re.groups else None


def _plain_value(text: str, key: "re.Match[str]") -> SecretSpan | None:
    before = text[max(0, key.start() - _NEAR) : key.start()].rstrip(" \t")[-1:] or "\n"
    patterns = (pattern for context, pattern in _ENTRIES if context == _ANYWHERE or before in context)
    value = next(filter(None, (pattern.match(text, key.end()) for pattern in patterns)), None)
    return (value.start(), value.start() + len(value[0].rstrip(_TAIL))) if value else None
