r"""The encodings in which a secret value appears in text: what programs print of it, escaped in one way or another.

Each follows what writes it: URLs (RFC 3986, in upper and lower case, also encoded twice), JSON (Go's encoding/json
escapes &, < and >; PHP escapes /), Python's repr, nginx's and JavaScript's \x21, HTML and XML entities, base64 (RFC
4648, also in the middle of something longer), hexadecimal, and the quoting of a shell, of SQL and of Java properties.
"""

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus, unquote

SHORTEST: Final = 4
"""Characters that a value must have to be looked for; shorter ones would mask half of every log."""

_SHORTEST_INSIDE: Final = 8
"""Characters that base64 must have to be looked for in the middle of something longer."""

_SHORTEST_LINE: Final = 12
"""Characters from which on a single line of a value with several lines is looked for by itself."""

_SIGNS: Final = re.compile(r"[^A-Za-z0-9]")
_SHELL_SIGNS: Final = re.compile(r"[^\w@%+=:,./-]")
_PROPERTY_SIGNS: Final = re.compile(r"[:=#!\\ ]")


def encodings(secret: str) -> Iterator[str]:
    """Yield the encodings of a value, repeatedly, the value itself first, also without the newline of many Secrets."""
    for value in dict.fromkeys((secret, secret.strip(), unquote(secret))):
        if len(value) >= SHORTEST:
            yield value
            yield from _of(value)
    lines = (line.strip() for line in secret.splitlines())
    yield from (line for line in lines if len(line) >= _SHORTEST_LINE and not line.startswith("-----"))


def _of(value: str) -> Iterator[str]:
    raw = value.encode(errors="surrogatepass")
    yield from _base64(raw)
    yield from (raw.hex(), raw.hex().upper())
    if _SIGNS.search(value):
        yield from _in_urls(raw)
        yield from _in_json(value)
        yield from _in_markup(value)
        yield from _escaped(value)


def _in_urls(raw: bytes) -> Iterator[str]:
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield from (quoted, _lower_codes(quoted, "%"), quote(quoted, safe=""))


def _in_json(value: str) -> Iterator[str]:
    for spelled in (_json(value), json.dumps(value, ensure_ascii=False)[1:-1]):
        gos = spelled.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
        yield from (spelled, gos, _upper_codes(gos), spelled.replace("/", r"\/"), gos.replace("/", r"\/"))
        yield from (_json(spelled), _json(gos))


def _in_markup(value: str) -> Iterator[str]:
    escaped = html.escape(value)
    yield from (escaped, html.escape(value, quote=False), escaped.replace("&#x27;", "&#39;"))
    yield from (escaped.replace("&#x27;", "&apos;"), html.escape(escaped))
    yield escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;").replace("+", "&#43;")
    yield from (_SIGNS.sub(_code("&#{};"), value), _SIGNS.sub(_code("&#x{:x};"), value))


def _escaped(value: str) -> Iterator[str]:
    yield repr(value)[1:-1]
    yield from (_SIGNS.sub(_code(r"\x{:02x}"), value), _SIGNS.sub(_code(r"\x{:02X}"), value))
    yield _SIGNS.sub(_code(r"\u{:04x}"), value)
    nginxs = value.replace("\\", r"\x5C").replace('"', r"\x22")
    yield from (nginxs, value.replace("'", "''"), value.replace("'", "'\\''"))
    yield from (_SHELL_SIGNS.sub(r"\\\g<0>", value), _PROPERTY_SIGNS.sub(r"\\\g<0>", value))


def _base64(raw: bytes) -> Iterator[str]:
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = alphabet(raw).decode()
        yield from (encoded, encoded.rstrip("="))
        yield from (_inside(raw, before, alphabet) for before in range(3))


def _inside(raw: bytes, before: int, alphabet: Callable[[bytes], bytes]) -> str:
    """Return the characters that encode these bytes whatever stands around them, if so many bytes stand before.

    Three bytes are four characters: those that hold bits of a byte beside these are left out.
    """
    encoded = alphabet(bytes(before) + raw).decode()
    whole = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
    return whole if len(whole) >= _SHORTEST_INSIDE else ""


def _json(value: str) -> str:
    return json.dumps(value)[1:-1]


def _code(form: str) -> Callable[["re.Match[str]"], str]:
    return lambda sign: form.format(ord(sign[0]))


def _lower_codes(text: str, mark: str) -> str:
    return re.sub(mark + "[0-9A-F]{2}", lambda code: code[0].lower(), text)


def _upper_codes(text: str) -> str:
    return re.sub(r"\\u[0-9a-f]{4}", lambda code: "\\u" + code[0][2:].upper(), text)
