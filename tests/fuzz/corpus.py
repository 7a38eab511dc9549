"""The worst plans, by name: what once went wrong, and what is too much. Every one is refused, with its place."""

from typing import Final

HEAD: Final = (
    b"apiVersion: cutover.dev/v1alpha1\nkind: CutoverPlan\nmetadata: {name: a}\nspec:\n  target: {app: a}\n  changes:\n"
)
ENV: Final = b"    - env: {name: A, value: b}\n"
GOOD: Final = HEAD + ENV


def _laughs() -> bytes:
    nines = (b"    - &%c [%s]\n" % (letter, b", ".join([b"*%c" % (letter - 1)] * 9)) for letter in b"bcdefghij")
    return HEAD + b"    - &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(nines)


def _changes(number: int) -> bytes:
    return b"".join(b"    - env: {name: V%d, value: b}\n" % index for index in range(number))


CORPUS: Final[dict[str, bytes]] = {
    "empty": b"",
    "only-a-comment": b"# nothing\n",
    "cut-off": GOOD[:-8],
    "cut-in-a-character": GOOD + "# é".encode()[:-1],
    "tabs": GOOD.replace(b"\n  ", b"\n\t"),
    "byte-order-mark": b"\xef\xbb\xbf" + GOOD,
    "utf-16": GOOD.decode().encode("utf-16"),
    "utf-32": GOOD.decode().encode("utf-32"),
    "latin-1": GOOD + "# é".encode("latin-1"),
    "nul": GOOD + b"\0",
    "half-of-a-surrogate-pair": HEAD + b'    - env: {name: A, value: "\\ud800"}\n',
    "escape-beyond-unicode": HEAD + b'    - env: {name: A, value: "\\UFFFFFFFF"}\n',
    "version-of-5000-digits": b"%YAML 1." + b"9" * 5000 + b"\n---\n" + GOOD,
    "wrong-types-everywhere": b"apiVersion: [1]\nkind: {a: b}\nmetadata: 7\nspec: {target: [x], changes: {env: 1}}\n",
    "unknown-kind": GOOD.replace(b"CutoverPlan", b"Deployment"),
    "unknown-change": HEAD + b"    - mystery: {name: A}\n",
    "two-documents": GOOD + b"---\n" + GOOD,
    "merge-key": HEAD + b"    - env: {<<: {name: A}, value: b}\n",
    "code-in-a-tag": HEAD + b"    - !!python/object/apply:os.system [exit 1]\n",
    "stands-for-itself": HEAD + b"    - &a [*a]\n",
    "billion-laughs": _laughs(),
    "nested-900-deep": HEAD + b"    - " + b"[" * 900 + b"]" * 900 + b"\n",
    "nested-900-deep-in-blocks": HEAD + b"    " + b"- " * 900 + b"x\n",
    "nested-100000-deep-and-open": HEAD + b"    - " + b"[" * 100_000,
    "10000-changes-of-one-variable": HEAD + ENV * 10_000,
    "10000-changes": HEAD + _changes(10_000),
    "a-megabyte-of-one-value": HEAD + b'    - env: {name: A, value: "' + b"x" * 1_100_000 + b'"}\n',
    "a-megabyte-of-one-name": HEAD + b"    - env: {value: b, name: " + b"x" * 1_000_000 + b"}\n",
    "a-megabyte-of-a-key": HEAD + b"    - " + b"k" * 1_000_000 + b": x\n",
    "a-megabyte-of-a-number": HEAD + b"    - env: {name: A, value: " + b"9" * 1_000_000 + b"}\n",
    "five-megabytes": HEAD + b"# " + b"x" * 5_000_000,
}

LARGEST: Final = HEAD + _changes(1_700)
"""Nearly as many changes as a plan may hold."""

MANIFESTS: Final[dict[str, bytes]] = {
    "nested-100000-deep": b"[" * 100_000 + b"]" * 100_000,
    "nested-100000-deep-in-blocks": b"- " * 100_000 + b"x\n",
    "billion-laughs": b"changes:\n" + _laughs().removeprefix(HEAD),
    "stands-for-itself": b"a: &a [*a]\n",
    "stands-for-nothing": b"a: *b\n",
    "no-date": b"a: !!timestamp maybe\n",
    "no-boolean": b"a: !!bool maybe\n",
    "code-in-a-tag": b"a: !!python/object/apply:os.system [exit 1]\n",
    "number-of-5000-digits": b"a: " + b"9" * 5000 + b"\n",
    "utf-16-cut-off": "kind: Rollout".encode("utf-16")[:-1],
    "nul": b"kind: \0\n",
}
"""The worst files of live objects; every one is refused."""
