"""Patterns that find credentials in text and locate the secret part of each match.

Every pattern must run in linear time on hostile text: each repetition is bounded, or can start at one point only.
"""

import re
from collections.abc import Iterator
from typing import Final

SecretSpan = tuple[int, int]
"""Start and end of a secret part of a text."""

_TAG: Final = re.compile(r"<masked-[0-9a-f]{6}>")

# "Keycloak" does not count as "key": it occurs in names and addresses that must stay readable. The kubelet reports a
# missing key as "non-existent secret key: url": that name is the cause of a failure, not a secret.
# The Authorization header has its own pattern, because its first word is a scheme.
_SCHEMES: Final = r"(?:bearer|basic|digest|negotiate|token)"
_TO_SCHEME: Final = rf"[\"'\\]{{0,8}}[ \t]{{0,8}}[:=][ \t]{{0,8}}[\"'\\]{{0,8}}{_SCHEMES}[ \t]{{1,8}}"
_WORD: Final = (
    rf"(?:pass|pwd|token|secret|credential|authorization(?!{_TO_SCHEME})"
    r"|(?<!non-existent secret )(?<!non-existent config )key(?!cloak))"
)
_CREDENTIAL_NAME: Final = re.compile(_WORD, re.IGNORECASE)

_CREDENTIAL_ITSELF: Final = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|token|secret|credentials?|authorization|key)\d{0,3}$", re.IGNORECASE
)

_PEM: Final = re.compile(
    r"(?s)(-----BEGIN [A-Z0-9 ]{1,64}-----(?:.*?-----END [A-Z0-9 ]{1,64}-----|.*)"
    r"|\A(?:(?!-----BEGIN ).)*?-----END [A-Z0-9 ]{1,64}-----)"
)
_JWT: Final = re.compile(r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3})")

# The password ends at the last @ before the path. A password with an unescaped slash is recognized because the text
# after the colon is not a port number.
_SCHEME: Final = r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,31}://"
_USER_INFO: Final = re.compile(
    rf"{_SCHEME}[^\s/:@\"]{{0,256}}:([^\s/\"]{{1,4096}}(?=@)|(?!\d{{1,5}}/)[^\s\"]{{1,256}}(?=@))"
)
_TOKEN_INFO: Final = re.compile(r"(?i)(?<![a-z0-9+.-])https?://([^\s/:@\"]{1,4096})@")

_HEADER: Final = re.compile(rf"(?i)authorization{_TO_SCHEME}([^\n\"']+)")
_BEARER: Final = re.compile(
    r"(?i)\bbearer[ \t]{1,8}(?:token[ \t]{1,8})?"
    r"(?!(?:auth\w{0,16}|realm|token|error|scheme|is|was|not)(?![\w.~+/=-]))([\w.~+/=-]{4,})"
)
_BASIC: Final = re.compile(r"\b(?i:basic)[ \t]{1,8}(?=[a-z+/]{0,64}[A-Z0-9=])([A-Za-z0-9+/_-]{6,}={0,2})")
_FLAG: Final = re.compile(rf"(?i)(?<![\w-])--[\w-]{{0,32}}?{_WORD}[\w-]{{0,32}}+[ \t]{{1,8}}([^\s-]\S*)")

_TABLE: Final = (_PEM, _JWT, _USER_INFO, _TOKEN_INFO, _HEADER, _BEARER, _BASIC, _FLAG)
"""Patterns for credentials; the only group of each is the secret part."""

_KEY: Final = re.compile(rf"(?i){_WORD}[\w.\[\]-]{{0,64}}+(?:\\{{0,8}}[\"'])?[ \t]{{0,8}}+(?::=|=>|[:=])[ \t]{{0,8}}+")
_VALUES: Final = (
    re.compile(rf"{_TAG.pattern}(?=[\s,;)}}\]&\"'\\]|\Z)"),  # masked before
    re.compile(r"\"((?:\\.|[^\"\\\n])*)"),
    re.compile(r"'((?:\\.|[^'\\\n])*)"),
    re.compile(r"(?m)(\\{1,8}[\"'])(.*?)(?<!\\)(?=\1|$)"),  # \"…\": JSON inside of JSON
    re.compile(r"(?<=\":)[ \t]{0,8}(-?\d+(?:\.\d+)?)(?=\s{0,8}[,}\]])"),  # a number in compact JSON
    re.compile(r"(?:null|true|false|none)(?=[\s,;)}\]]|\Z)|[{\[]\s{0,8}(?:[\"'{}\[\]\\]|\Z)"),
    re.compile(r"([^\s&\"'][^\s&]*)"),
)
"""What may follow a key; the first match counts. The last group is the secret value; without a group, there is none."""

_TAIL: Final = ",;)}]'\""
"""Punctuation that may follow a value without quotes; it belongs to the sentence, not to the value."""

_URL: Final = re.compile(
    r"(?i)(?:jdbc:)?(?:https?|postgres(?:ql)?|mysql|mariadb|rediss?|amqps?|mongodb(?:\+srv)?|nats|kafka|ldaps?|s3)://"
    r"(?:([^\s/]{0,4096})@)?[^\s/?#@]{1,512}/*(.*)",
    re.DOTALL,
)


def is_credential_name(name: str) -> bool:
    """Return whether the name of a variable or key suggests that it holds a credential."""
    return _CREDENTIAL_NAME.search(name) is not None


def names_the_credential(name: str) -> bool:
    """Return whether the name is a credential's own (`DB_PASSWORD`), not that of a property of one (`TOKEN_TTL`)."""
    return _CREDENTIAL_ITSELF.search(name) is not None


def secret_parts(text: str) -> Iterator[SecretSpan]:
    """Yield the spans of the credentials in `text`, in no particular order; they may overlap."""
    spans = (match.span(1) for pattern in _TABLE for match in pattern.finditer(text))
    keyed = (part for start, end in _keyed(text) for part in credential_parts(text[start:end], start))
    return (part for part in (*spans, *keyed) if part[0] < part[1] and not _TAG.fullmatch(text, *part))


def credential_parts(value: str, offset: int = 0) -> tuple[SecretSpan, ...]:
    """Return the secret spans of a value whose name says credential: all of it, except a URL's scheme and host."""
    url = _URL.fullmatch(value)
    parts = (url.span(1), url.span(2)) if url else ((0, len(value)),)
    return tuple((start + offset, end + offset) for start, end in parts if start < end)


def _keyed(text: str) -> Iterator[SecretSpan]:
    """Yield the span of each value that follows a credential-like key; the text inside it is not searched again."""
    at = 0
    while key := _KEY.search(text, at):
        at = key.end()
        value = next(filter(None, (pattern.match(text, at) for pattern in _VALUES)), None)
        if value is not None and value.re.groups:
            start, at = value.span(value.re.groups)
            plain = value.re is _VALUES[-1]
            yield (start, start + len(text[start:at].rstrip(_TAIL)) if plain else at)
