"""What keys of a plan have to do with each other: rules that no single type can say.

They are judged on the tree, not on the document, so that they are found together with wrong types elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cutover.core.errors import Problem
from cutover.core.plan.document import NEW_VALUES, OLD_VALUES
from cutover.core.plan.model import clashes
from cutover.core.plan.place import Path, shortened
from cutover.core.plan.spots import spot
from cutover.core.plan.tree import Tree


def relations_of(tree: Tree) -> tuple[Problem, ...]:
    """Every rule that the changes break, each change for itself and two changes with one another."""
    changes = tuple(_env_changes(tree.data))
    alone = (problem for path, env in changes for problem in _alone(tree, path, env))
    return (*alone, *_clashes(tree, changes), *_deadman(tree), *_allowed_twice(tree))


def _deadman(tree: Tree) -> Iterator[Problem]:
    """A dead-man points back by itself, so it cannot go with a canary that may not be taken back."""
    spec = _spec(tree.data)
    if spec.get("deadman") and spec.get("pointOfNoReturn") == "canaryReady":
        message = "expected no deadman beside pointOfNoReturn: canaryReady, found one"
        yield tree.problem(("spec", "deadman"), message, "remove deadman: it would abort past the point of no return")


def _allowed_twice(tree: Tree) -> Iterator[Problem]:
    """A finding is accepted once, for one reason."""
    seen: set[str] = set()
    for index, entry in _entries(tree.data, "allow"):
        code = entry.get("code") if isinstance(entry, dict) else None
        if isinstance(code, str) and code in seen:
            message = f"expected one reason for {shortened(code)}, found another before"
            yield tree.problem(("spec", "allow", index, "code"), message, "keep one of the two")
        seen.update([code] if isinstance(code, str) else [])


def _env_changes(data: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The `env` mappings of the changes, as far as there are any."""
    for index, change in _entries(data, "changes"):
        env = change.get("env") if isinstance(change, dict) else {}
        if isinstance(env, dict) and env:
            yield ("spec", "changes", index, "env"), env


def _spec(data: Any) -> Mapping[str, Any]:
    """What stands under `spec`, as far as it is a mapping."""
    spec = data.get("spec") if isinstance(data, dict) else {}
    return spec if isinstance(spec, dict) else {}


def _entries(data: Any, key: str) -> Iterator[tuple[int, Any]]:
    """The entries of a list of `spec`, as far as it is one, with their indices."""
    listed = _spec(data).get(key)
    return enumerate(listed if isinstance(listed, list) else [])


def _alone(tree: Tree, path: Path, env: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _exactly_one(tree, path, env, NEW_VALUES)
    if isinstance(env.get("from"), dict):
        yield from _exactly_one(tree, (*path, "from"), env["from"], OLD_VALUES)
    for contradicts, place, message, remedy in _CONTRADICTIONS:
        if contradicts(env):
            yield tree.problem((*path, place), message, remedy)


def _exactly_one(tree: Tree, path: Path, mapping: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[Problem]:
    found = [key for key in keys if key in mapping]
    misspelt = not found and any(key not in spot(path).keys for key in mapping)  # named as an unknown key already
    if len(found) != 1 and not misspelt:
        place = (*path, found[1]) if found else path
        words = ", ".join(found) or "none"
        yield tree.problem(place, f"expected exactly one of {', '.join(keys)}; found {words}", "keep the one you mean")


def _clashes(tree: Tree, changes: tuple[tuple[Path, Mapping[str, Any]], ...]) -> Iterator[Problem]:
    """Two changes on one leaf, as far as that can be told without the live object."""
    named = [(path, env) for path, env in changes if _is_named(env)]
    for earlier, later in clashes((env["name"], env.get("container", "")) for _, env in named):
        path, env = named[later]
        line = tree.line((*named[earlier][0], "name"))
        message = f"expected one change of {shortened(env['name'])}, found another in line {line}"
        yield tree.problem((*path, "name"), message, "keep one of the two, or name different containers")


def _is_named(env: Mapping[str, Any]) -> bool:
    return isinstance(env.get("name"), str) and isinstance(env.get("container", ""), str)


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
"""Keys that cannot both be meant: when, at which key, what was expected and found, what to do."""
