"""A grammar of plans with changes of all kinds, as hypothesis draws them, and ways to make their parts wrong.

A plan is a document of dicts and lists. `Raw` stands there as it is; a key with a trailing NUL is the same key again.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

PLANTED: Final = "planted-s3cr3t"
"""Stands in every value of a plan that may be a secret, and must be in nothing that is printed."""

AGAIN: Final = "\0"

Strategy = st.SearchStrategy[Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """A piece of YAML that is written as it is."""

    text: str


NAMES: Final = st.sampled_from(("app", "payments-db-b", "a.b-c", "x" * 60, "0"))
LABELS: Final = st.sampled_from(("app", "payments", "x" * 63, "0-0"))
KEYS: Final = st.sampled_from(("url", "a.b", "ca.crt", "_", "x" * 253))
SECRETS: Final = st.sampled_from(
    (PLANTED, f"postgres://u:{PLANTED}@db/x", f"{PLANTED}\n", f"é\u2028 {PLANTED}", f'"{PLANTED}')
)
TRUE: Final = st.just(value=True)
WAITS: Final = st.sampled_from(("auto", "90s", "1m30s", "24h", ".5s", "500ms"))


def _some(**parts: Strategy) -> Strategy:
    """A mapping with any of these keys, `_` behind a word that Python keeps for itself."""
    return st.fixed_dictionaries({}, optional={key.rstrip("_"): part for key, part in parts.items()})


def _one(**parts: Strategy) -> Strategy:
    """A mapping with exactly one of these keys."""
    return st.one_of(*(st.fixed_dictionaries({key: part}) for key, part in parts.items()))


def _all(**parts: Strategy) -> Strategy:
    return st.fixed_dictionaries(parts)


def _joined(*mappings: Strategy) -> Strategy:
    """What stands in any of the mappings, in one."""
    return st.tuples(*mappings).map(lambda drawn: {key: value for each in drawn for key, value in each.items()})


REFERENCE: Final = _joined(_all(name=NAMES, key=KEYS), _some(optional=st.booleans()))
PLACES: Final[Strategy] = st.just({}) | _all(container=LABELS) | _all(allContainers=TRUE)
NEW: Final = _one(value=SECRETS, secretKeyRef=REFERENCE, configMapKeyRef=REFERENCE)
FROM: Final = _some(from_=NEW)
SOURCE: Final = _one(fromFile=st.just("./url.txt"), fromEnv=st.just("DB_USER"), secretKeyRef=_all(name=NAMES, key=KEYS))
JSON: Final = st.recursive(
    SECRETS | st.booleans() | st.integers(-9, 10**9) | st.just(1.5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("a", "b/c", "value")), inner, max_size=3)
    ),
    max_leaves=4,
)
POINTERS: Final = st.sampled_from(
    ("/spec/template/spec/containers/0", "/spec/template/metadata/a~1b", "/spec/template/-")
)
OPERATION: Final = _all(op=st.sampled_from(("add", "replace", "test")), path=POINTERS, value=JSON) | _all(
    op=st.just("remove"), path=POINTERS
)
_KEPT: Final = st.dictionaries(KEYS, SECRETS, min_size=1, max_size=3)
_SOURCES: Final = st.dictionaries(KEYS, SOURCE, min_size=1, max_size=3)
_GONE: Final = st.just(["gone"])
_RELATIONS: Final = st.sampled_from(("same", "independent", "replica", "bidirectional", "dualWrite"))
_DATABASE: Final = _all(engine=st.sampled_from(("postgres", "mysql")), to=NEW, dataRelation=_RELATIONS)
_OIDC: Final = _joined(
    _all(to=_joined(_all(issuer=st.just("https://sso.example.com/r")), _some(clientId=st.just("web")))),
    _some(
        provider=st.sampled_from(("keycloak", "other")), accepts=st.lists(st.sampled_from(("old", "new")), max_size=2)
    ),
)
KINDS: Final = {
    "env": _joined(PLACES, NEW, FROM, _some(mode=st.sampled_from(("set", "replace"))))
    | _joined(PLACES, FROM, _all(remove=TRUE)),
    "database": _joined(PLACES, FROM, _DATABASE),
    "oidc": _joined(PLACES, FROM, _OIDC),
    "configMap": _joined(_all(set=_KEPT), _some(remove=_GONE)) | _all(remove=_GONE),
    "secret": _joined(_all(set=_SOURCES), _some(remove=_GONE)) | _all(remove=_GONE),
    "patch": st.lists(OPERATION, min_size=1, max_size=3),
}
NAMED: Final = {"env": "name", "database": "env", "oidc": "env", "configMap": "name", "secret": "name"}
"""The key by which each kind names what it changes; no two changes are of one thing."""

CHANGE: Final = st.one_of(*(st.tuples(st.just(kind), body) for kind, body in KINDS.items()))
SPEC: Final = _joined(
    _all(target=_joined(_all(app=LABELS), _some(rollout=NAMES, namespace=LABELS, context=st.just("c")))),
    _some(
        watch=_some(readyWithin=WAITS, hold=WAITS, bake=st.just("0s"), adoptWithin=st.just("60s")),
        promotion=st.sampled_from(("steps", "auto", "full")),
        onFailure=st.sampled_from(("restore", "abort", "hold")),
        pointOfNoReturn=st.sampled_from(("none", "promotion")),
        allow=st.just([{"code": "C015", "reason": "x"}]),
    ),
)


def _numbered(drawn: list[tuple[str, Any]]) -> list[Any]:
    """The changes, each of something of its own."""
    return [
        {kind: {NAMED[kind]: f"n{index}", **body} if kind in NAMED else body}
        for index, (kind, body) in enumerate(drawn)
    ]


CHANGES: Final = st.lists(CHANGE, min_size=1, max_size=5).map(_numbered)
PLANS: Final = st.builds(
    lambda spec, changes, said: {
        "apiVersion": "cutover.dev/v1alpha1",
        "kind": "CutoverPlan",
        "metadata": {"name": "a", **said},
        "spec": {**spec, "changes": changes},
    },
    SPEC,
    CHANGES,
    _some(description=SECRETS),
)


def written(document: Any, flow: int = 3, indent: str = "") -> str:
    """A document as YAML, in block style for so many levels, and in flow style inside of them."""
    match document:
        case Raw(text):
            return text
        case dict() if document and flow > 0:
            inner = indent + "  "
            parts = (f"\n{indent}{_key(key)}: {written(held, flow - 1, inner)}" for key, held in document.items())
            return "".join(parts)
        case list() if document and flow > 0:
            return "".join(f"\n{indent}- {written(held, flow - 1, indent + '  ').lstrip()}" for held in document)
        case dict():
            return f"{{{', '.join(f'{_key(key)}: {written(held, 0)}' for key, held in document.items())}}}"
        case list():
            return f"[{', '.join(written(held, 0) for held in document)}]"
        case _:
            return json.dumps(document, ensure_ascii=False)


def _key(key: Any) -> str:
    return written(key) if isinstance(key, Raw) else key.rstrip(AGAIN)
