"""Tells by the name of a variable or key whether its value is a credential, or only says something about one.

A name is read as words: `spring.datasource.dataSourcePassword` ends in the word `password`. The last word says what the
value is: a `TOKEN_URL` is a URL. Whatever speaks of a credential and is in none of the tables counts as a credential.
"""

import re
from itertools import pairwise
from typing import Final

WORD: Final = (
    r"(?:passw(?:or)?d|pass|pwd|passphrase|token|secret|credential|creds|authorization|authtok|api-?key|key"
    r"|bindpw|rootpw|adminpw|userpw|dbpw)"
)
"""Parts of a name that speak of a credential, for patterns that look for such names in text."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CREDENTIAL: Final = re.compile(WORD)
_WHOLE_WORDS: Final = frozenset({"pw", "psw", "salt", "pepper", "cred"})
"""Words that speak of a credential only if they stand alone."""

_UNRELATED: Final = re.compile(
    r"(?:by|com|tres|over|under|sur)pass|pass(?:ive|enger|age|through|thru|port|ing|es|ed|back|key)"
    r"|(?:tur|mon|don|hoc|joc|whis|hot|pub)key|key(?:cloak|board|space|word|note|frame|stroke|pad|db|set|hole|tool)"
    r"|tokeni[sz]|secretar"
)
"""Words in which such a part stands by chance."""

_PROPERTIES: Final = _listed(
    """
    url uri urls uris endpoint endpoints issuer issuers audience audiences scope scopes realm host hosts port
    server file files path paths dir directory folder location mount store keystore truststore address addr
    domain region project namespace group name names alias prefix suffix template pattern separator type class
    types format kind alg algorithm algorithms encoder encoding method mode policy header headers param
    parameter field fields column attribute claim claims label ttl lifetime expiry expiration expires expire
    timeout interval duration validity age leeway skew rotation seconds secs minutes mins hours days ms millis
    length size count limit max min bits rounds iterations strength version versions serializer deserializer
    converter resolver generator validator handler strategy extractor enabled enable disabled disable required
    optional allowed arn stdin provider backend manager engine service client usage ops
    """
)
"""Last words that name a property of a credential: where it is, how long it lives, how it is made or called."""

_PROPERTY_ENDINGS: Final = (
    "file",
    "path",
    "url",
    "uri",
    "endpoint",
    "name",
    "dir",
    "issuer",
    "ttl",
    "store",
    "manager",
)
"""The same where words are written together (`PGPASSFILE`)."""

_PUBLIC_KEYS: Final = _listed(
    """
    public authorized known sort partition primary foreign routing message cache object group index lookup row
    map shard sharding hash range cluster clustering composite natural surrogate unique config configuration
    translation i18n topology feature flag event record kafka mq binding dedup deduplication idempotency
    ordering order search filter json label annotation metric metrics redis queue stream bucket
    """
)
"""Words before `key` with which it is an identifier or a published key."""

_COUNTED: Final = frozenset({"max", "min", "num", "total", "prompt", "completion", "input", "output", "context"})
"""Words with `tokens` where these are pieces of text that a model counts."""


def is_credential_name(name: str) -> bool:
    """Return whether the value under this name, of a variable or key, is a credential by what the name says."""
    words = name_words(name)
    return any(map(_speaks_of_one, words)) and not (_is_property(words) or _is_public(words))


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, without numbers: `OIDC_clientSecret2` is oidc, client, secret."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    words = (word.strip("0123456789") for word in re.split(r"[^A-Za-z0-9]+", parted.lower()))
    return tuple(word for word in words if word)


def _speaks_of_one(word: str) -> bool:
    related = _UNRELATED.sub("", word)
    return word in _WHOLE_WORDS or _CREDENTIAL.search(related) is not None


def _is_property(words: tuple[str, ...]) -> bool:
    last = words[-1]
    return last in _PROPERTIES or last.endswith(_PROPERTY_ENDINGS) or _is_identifier(words)


def _is_identifier(words: tuple[str, ...]) -> bool:
    """Return whether the name is that of a key's identifier. An access key's is a credential, and Vault's secret id."""
    return words[-2:] == ("key", "id") and "access" not in words


def _is_public(words: tuple[str, ...]) -> bool:
    """Return whether the only part that speaks of a credential is a key that is none, or a number of tokens."""
    return all(_is_harmless(before, word) for before, word in pairwise(("", *words)) if _speaks_of_one(word))


def _is_harmless(before: str, word: str) -> bool:
    return (word in {"key", "keys"} and before in _PUBLIC_KEYS) or (word == "tokens" and before in _COUNTED)
