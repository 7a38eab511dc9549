"""The rules of a plan that involve several keys, which no single type can express.

They are checked on the tree, not on the document, so that violations are reported together with wrong types.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from cutover.core.base.errors import Problem
from cutover.core.plan.change_documents import ADDRESSES, KINDS, NEW_VALUES, OLD_VALUES, SOURCES
from cutover.core.plan.changes import DataRelation
from cutover.core.plan.field_descriptions import expectation
from cutover.core.plan.model import clashes
from cutover.core.plan.yaml_tree import PlanPath, Tree, shortened

APART: Final = tuple(relation.value for relation in DataRelation if not relation.harmless)
"""The data relations with which a run must not go back once the canary has served: data would be lost."""

VALUED: Final = ("add", "replace", "test")
"""Operations of a patch that have a value."""

OBJECTS: Final = ("configMap", "secret")


def rule_violations(tree: Tree) -> tuple[Problem, ...]:
    """Return every violation of the rules, by a single change, between changes, and by `deadman` and `allow`."""
    alone = (problem for path, change in _changes(tree.data) for problem in _alone(tree, path, change))
    clashing = (*_clashes(tree), *_objects_twice(tree), *_stdin_twice(tree))
    return (*alone, *clashing, *_deadman(tree), *_allowed_twice(tree))


def _deadman(tree: Tree) -> Iterator[Problem]:
    """Refuse a dead-man with a canary that may not be taken back, because the dead-man aborts by itself."""
    spec = _spec(tree.data)
    point = spec.get("pointOfNoReturn") or ("canaryReady" if any(_apart(tree.data)) else "")
    if spec.get("deadman") and point == "canaryReady":
        message = "expected no deadman beside pointOfNoReturn: canaryReady, found one"
        yield tree.problem(("spec", "deadman"), message, "remove deadman: it would abort past the point of no return")


def _apart(data: Any) -> Iterator[bool]:
    """Yield for each database whether its data is apart from the old one's, so that a canary may not be taken back."""
    relations = (change["database"].get("dataRelation") for _, change in _changes(data) if _holds(change, "database"))
    yield from (relation in APART for relation in relations if isinstance(relation, str))


def _allowed_twice(tree: Tree) -> Iterator[Problem]:
    """Refuse a finding that is accepted more than once."""
    seen: set[str] = set()
    for index, entry in _entries(tree.data, "allow"):
        code = entry.get("code") if isinstance(entry, dict) else None
        if isinstance(code, str) and code in seen:
            message = f"expected one reason for {shortened(code)}, found another before"
            yield tree.problem(("spec", "allow", index, "code"), message, "keep one of the two")
        seen.update([code] if isinstance(code, str) else [])


def _changes(data: Any) -> Iterator[tuple[PlanPath, Mapping[str, Any]]]:
    """Yield each change with its field path; skip entries that are no mappings, which get a problem of their own."""
    for index, change in _entries(data, "changes"):
        if isinstance(change, dict):
            yield ("spec", "changes", index), change


def _holds(change: Mapping[str, Any], kind: str) -> bool:
    return isinstance(change.get(kind), dict)


def _variables(data: Any) -> Iterator[tuple[PlanPath, str, Mapping[str, Any]]]:
    """Yield for each change of a variable its field path, the key that names the variable, and its mapping."""
    for path, change in _changes(data):
        for kind, key in (("env", "name"), ("database", "env"), ("oidc", "env")):
            if _holds(change, kind):
                yield (*path, kind), key, change[kind]


def _spec(data: Any) -> Mapping[str, Any]:
    """Return `spec` if it is a mapping, else an empty one."""
    spec = data.get("spec") if isinstance(data, dict) else {}
    return spec if isinstance(spec, dict) else {}


def _entries(data: Any, key: str) -> Iterator[tuple[int, Any]]:
    """Yield the entries of the list `key` of `spec`, each with its index; nothing if it is not a list."""
    listed = _spec(data).get(key)
    return enumerate(listed if isinstance(listed, list) else [])


def _alone(tree: Tree, path: PlanPath, change: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _exactly_one(tree, path, change, KINDS)
    for kind, rules in _RULES.items():
        if _holds(change, kind):
            yield from rules(tree, (*path, kind), change[kind])
    for index, operation in enumerate(change["patch"] if isinstance(change.get("patch"), list) else ()):
        yield from _operation(tree, (*path, "patch", index), operation)


def _env(tree: Tree, path: PlanPath, env: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _exactly_one(tree, path, env, NEW_VALUES)
    yield from _old(tree, path, env)
    for contradicts, place, message, remedy in _CONTRADICTIONS:
        if contradicts(env):
            yield tree.problem((*path, place), message, remedy)


def _typed(tree: Tree, path: PlanPath, typed: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the rules that `database` and `oidc` share."""
    yield from _old(tree, path, typed)
    if path[-1] == "database" and _holds(typed, "to"):
        yield from _exactly_one(tree, (*path, "to"), typed["to"], ADDRESSES)
    contradicts, place, message, remedy = _CONTRADICTIONS[0]
    if contradicts(typed):
        yield tree.problem((*path, place), message, remedy)


def _old(tree: Tree, path: PlanPath, mapping: Mapping[str, Any]) -> Iterator[Problem]:
    if _holds(mapping, "from"):
        yield from _exactly_one(tree, (*path, "from"), mapping["from"], OLD_VALUES)


def _object(tree: Tree, path: PlanPath, entries: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that a change of a ConfigMap or Secret changes something, and names each key once."""
    if not {"set", "remove"} & entries.keys() and not entries.keys() - {"name"}:
        yield tree.problem(path, "expected set or remove, found neither", "say which keys are to change")
    added = entries["set"] if _holds(entries, "set") else {}
    removed = entries["remove"] if isinstance(entries.get("remove"), list) else []
    for index, key in enumerate(removed):
        if isinstance(key, str) and (key in added or key in removed[:index]):
            message = f"expected each key once, found {shortened(key)} again"
            yield tree.problem((*path, "remove", index), message, "keep one of the two")
    if path[-1] == "secret":
        for key, source in added.items():
            yield from _source(tree, (*path, "set", key), source)


def _source(tree: Tree, path: PlanPath, source: Any) -> Iterator[Problem]:
    if isinstance(source, dict):
        yield from _exactly_one(tree, path, source, SOURCES)


def _operation(tree: Tree, path: PlanPath, operation: Any) -> Iterator[Problem]:
    op, valued = (operation.get("op"), "value" in operation) if isinstance(operation, dict) else ("", False)
    if op == "remove" and valued:
        yield tree.problem((*path, "value"), "expected no value with op: remove, found one", "remove it")
    if op in VALUED and not valued:
        yield tree.problem(path, f"expected a value with op: {op}, found nothing", "add it")


_RULES: Final[Mapping[str, Callable[[Tree, PlanPath, Mapping[str, Any]], Iterator[Problem]]]] = MappingProxyType(
    {"env": _env, "database": _typed, "oidc": _typed, "configMap": _object, "secret": _object}
)


def _exactly_one(tree: Tree, path: PlanPath, mapping: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[Problem]:
    present = [key for key in keys if key in mapping]
    misspelt = not present and any(
        key not in expectation(path).keys for key in mapping
    )  # named as an unknown key already
    if len(present) != 1 and not misspelt:
        place = (*path, present[1]) if present else path
        words = ", ".join(present) or "none"
        yield tree.problem(place, f"expected exactly one of {', '.join(keys)}; found {words}", "keep the one you mean")


def _clashes(tree: Tree) -> Iterator[Problem]:
    """Refuse two changes of one leaf, as far as that can be decided without the live object."""
    named = [each for each in _variables(tree.data) if _is_named(*each[1:])]
    for earlier, later in clashes((env[key], env.get("container", "")) for _, key, env in named):
        path, key, env = named[later]
        line = tree.line((*named[earlier][0], named[earlier][1]))
        message = f"expected one change of {shortened(env[key])}, found another in line {line}"
        yield tree.problem((*path, key), message, "keep one of the two, or name different containers")


def _is_named(key: str, env: Mapping[str, Any]) -> bool:
    return isinstance(env.get(key), str) and isinstance(env.get("container", ""), str)


def _objects_twice(tree: Tree) -> Iterator[Problem]:
    """Refuse two changes of one config object: it is copied once, with all changes."""
    seen: set[tuple[str, str]] = set()
    of_objects = (
        (path, kind, change[kind]) for path, change in _changes(tree.data) for kind in OBJECTS if _holds(change, kind)
    )
    for path, kind, change in of_objects:
        name = change.get("name")
        if isinstance(name, str) and (kind, name) in seen:
            message = f"expected one change of {kind} {shortened(name)}, found another before"
            yield tree.problem((*path, kind, "name"), message, "say all that changes in it in one place")
        seen.update([(kind, name)] if isinstance(name, str) else [])


def _stdin_twice(tree: Tree) -> Iterator[Problem]:
    """Refuse a second `fromStdin`, because standard input can be read only once."""
    secrets = ((path, change["secret"].get("set")) for path, change in _changes(tree.data) if _holds(change, "secret"))
    places = [
        (*path, "secret", "set", key, "fromStdin")
        for path, added in secrets
        for key, source in (added.items() if isinstance(added, dict) else ())
        if isinstance(source, dict) and "fromStdin" in source
    ]
    for place in places[1:]:
        yield tree.problem(place, "expected fromStdin once, found it again", "take the other value from a file")


def _names_old_value(env: Mapping[str, Any]) -> bool:
    return isinstance(env.get("from"), dict) and any(key in env["from"] for key in OLD_VALUES if key != "absent")


def _wants_absence(env: Mapping[str, Any]) -> bool:
    return isinstance(env.get("from"), dict) and "absent" in env["from"]


_CONTRADICTIONS: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], str, str, str], ...]] = (
    (
        lambda env: "container" in env and "allContainers" in env,
        "allContainers",
        "expected container or allContainers, found both",
        "remove one of the two",
    ),
    (
        lambda env: "remove" in env and env.get("mode") in ("replace", "add"),
        "mode",
        "expected no mode beside remove, found one",
        "remove mode; from guards the old value",
    ),
    (
        lambda env: env.get("mode") == "add" and _names_old_value(env),
        "from",
        "expected no old value with mode: add, found one",
        "remove from, or set mode: replace",
    ),
    (
        lambda env: env.get("mode") == "replace" and _wants_absence(env),
        "from",
        "expected an old value with mode: replace, found absent: true",
        "remove from, or set mode: add",
    ),
    (
        lambda env: "remove" in env and _wants_absence(env),
        "from",
        "expected an old value to remove, found absent: true",
        "remove from",
    ),
)
"""Keys of `env` that contradict each other: the condition, the key to name, what was expected and found, the remedy."""
