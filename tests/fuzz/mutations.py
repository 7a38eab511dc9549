"""Ways to make plans of the grammar wrong: a part of the document, or the text and its bytes."""

import copy
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from tests.fuzz.grammar import AGAIN, PLANS, PLANTED, Raw, written
from tests.fuzz.oddness import places

WRONG: Final[st.SearchStrategy[Any]] = st.sampled_from(
    (
        *(None, True, False, 0, -1, 10**30, 1.5, "", " ", "x" * 10_000, "a=b", "\u202e", "UPPER", [], {}, [[]], [{}]),
        *({"a": 1}, {"value": PLANTED}, [PLANTED], {"name": "x", "key": "y"}, ["x"] * 13_000, {"remove": True}),
        *(Raw(text) for text in ("1", "on", "~", "2026-01-01", "1:30", ".nan", "0x1f", "1e999", "|\n  x", "!!str x")),
        *(
            Raw(text)
            for text in ("*a", "&a x", "&a [*a]", "!!binary aGk=", "!!python/object:os.system x", "{<<: {a: b}}")
        ),
        *(
            Raw(text)
            for text in ("x # y", "'", '"', "@x", "`x", "%x", "- x", "a: b", "\tx", "{", "}", "[", "? x", "---")
        ),
    )
)
KEYS: Final = st.sampled_from(
    ("", "nmae", "value", "spec", "<<", "x" * 300, "é", "gates", "identity", "expect", "1", "on")
)

Draw = Callable[[Any], Any]


def _wrong(home: Any, key: Any, draw: Draw) -> None:
    home[key] = copy.deepcopy(draw(WRONG))


def _gone(home: Any, key: Any, _: Draw) -> None:
    del home[key]


def _again(home: Any, key: Any, draw: Draw) -> None:
    if isinstance(home, dict):
        home[f"{key}{AGAIN}"] = copy.deepcopy(home[key] if draw(st.booleans()) else draw(WRONG))
    else:
        home.append(copy.deepcopy(home[key]))


def _renamed(home: Any, key: Any, draw: Draw) -> None:
    if isinstance(home, dict):
        home[draw(KEYS)] = home.pop(key)


@st.composite
def spoiled_documents(draw: Draw) -> str:
    """A plan with up to three parts that are wrong, gone, there twice, or under another key."""
    plan = copy.deepcopy(draw(PLANS))
    for _ in range(draw(st.integers(1, 3))):
        there = list(places(plan))
        if there:
            draw(st.sampled_from((_wrong, _gone, _again, _renamed)))(*there[draw(st.integers(0, len(there) - 1))], draw)
    return written(plan, draw(st.integers(0, 8)))


_ENCODINGS: Final = ("utf-16", "utf-16-be", "utf-32", "latin-1", "utf-8-sig", "cp037", "utf-7")


_BETWEEN: Final = (b"\n", b"\n---\n", b"\n...\n", b"\n--- !x\n", b"\n%YAML 1.2\n---\n")


def _cut(data: bytes, at: int, _: Draw) -> bytes:
    return data[:at]


def _inserted(data: bytes, at: int, draw: Draw) -> bytes:
    inserted: bytes = draw(st.binary(min_size=1, max_size=8))
    return data[:at] + inserted + data[at:]


def _tabs(data: bytes, _: int, draw: Draw) -> bytes:
    return data.replace(b"\n  ", b"\n\t", draw(st.integers(1, 5)))


def _encoded(data: bytes, _: int, draw: Draw) -> bytes:
    return data.decode().encode(draw(st.sampled_from(_ENCODINGS)), errors="replace")


def _ends(data: bytes, _: int, draw: Draw) -> bytes:
    return data.replace(b"\n", draw(st.sampled_from((b"\r", b"\r\n", b"\x85", b"\xe2\x80\xa8", b"\n\n", b" # x\n"))))


def _twice(data: bytes, _: int, draw: Draw) -> bytes:
    between: bytes = draw(st.sampled_from(_BETWEEN))
    return data + between + data


@st.composite
def spoiled_texts(draw: Draw) -> bytes:
    """The bytes of a plan, with one thing done to them."""
    data = written(draw(PLANS), draw(st.integers(0, 8))).encode()
    way = draw(st.sampled_from((_cut, _inserted, _tabs, _encoded, _ends, _twice)))
    spoiled: bytes = way(data, draw(st.integers(0, len(data))), draw)
    return spoiled
