"""Whatever differs between T0 and T1 is one of the reviewed edits, and deepdiff, not our own comparison, says so."""

import copy
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cutover.core.base.documents import canonical
from cutover.core.base.errors import CutoverError
from cutover.core.base.outcomes import Outcome
from cutover.core.patch import edit as edit_module
from cutover.core.patch.edit import Edits, edits_between
from cutover.core.patch.edits_proof import changed_leaves, prove_edits
from cutover.core.patch.resolve import DEEPEST
from cutover.core.podtemplate.compare import Difference, differing
from cutover.core.podtemplate.containers import containers
from cutover.core.podtemplate.field_paths import FieldPath, is_named, part_at
from tests.core.patch.test_raw_patch import OPERATIONS, outcome
from tests.core.patch.test_resolve import CHANGES, EVERYWHERE, TEMPLATES, edits
from tests.core.podtemplate.documents import container, literal, secret, template
from tests.quotations import unmasked
from tests.sampling import WHOLE

LAW: Final = settings(deadline=None, max_examples=2000 if WHOLE else 60)
PLANTED: Final = "planted-pass-9"


def edits_from(before: Any, after: Any) -> Edits:
    return Edits(edits_between(before, after), (), (), before, after)


def without(found: Edits, lost: Any) -> Edits:
    return replace(found, edits=tuple(edit for edit in found.edits if edit is not lost))


def fault(found: Edits) -> str:
    with pytest.raises(CutoverError) as caught:
        prove_edits(found)
    assert caught.value.outcome is Outcome.ERROR
    return unmasked(caught.value.problems[0].message)


def is_refused(found: Edits) -> bool:
    try:
        prove_edits(found)
    except CutoverError:
        return True
    return False


# -- any templates: names that stand twice, odd names, odd values, lists of all kinds ----------------------------------

NAMES: Final = st.sampled_from(
    ["a", "b", "c", "", "__a", "__b__", "a'b", 'a"b', "a[0]", "a.b", "a\nb", "ü", "\0order", "-1", "0", "1", "name"]
)
SCALARS: Final = st.sampled_from([None, True, False, 0, 1, 2, 1.0, "", "1", "True", "x", "x\ny", "x\\ny", "None"])
FIELDS: Final = st.dictionaries(st.sampled_from(["value", "x", "__x", "y.z"]), SCALARS, max_size=2)
NAMED: Final = st.builds(lambda name, fields: {"name": name, **fields}, NAMES, FIELDS)
ITEMS: Final = NAMED | NAMED | FIELDS | SCALARS
LISTS: Final = st.one_of(
    st.lists(NAMED, max_size=5, unique_by=lambda item: str(item["name"])),
    st.lists(NAMED, max_size=5),
    st.lists(FIELDS, max_size=3),
    st.lists(ITEMS, max_size=4),
)
ANY: Final = st.recursive(
    SCALARS | LISTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=3)
        | st.lists(st.builds(lambda name, field: {"name": name, "field": field}, NAMES, inner), max_size=3)
    ),
    max_leaves=8,
)
ENV: Final[st.SearchStrategy[Any]] = (
    LISTS | LISTS | st.sampled_from([None, {}, [], "x"]) | st.dictionaries(NAMES, ANY, max_size=1)
)


def listed_containers(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[Any]]:
    env = st.fixed_dictionaries({}, optional={"env": ENV})
    more = st.dictionaries(st.sampled_from(["args", "ports", "resources"]), ANY, max_size=2)
    each = st.builds(lambda name, env, more: {"name": name, **env, **more}, names, env, more)
    return st.lists(each, min_size=1, max_size=3, unique_by=lambda item: str(item["name"]))


CONTAINERS: Final = listed_containers(NAMES)
INITS: Final = listed_containers(st.sampled_from(["init", "__init", "0i"]))
ANY_TEMPLATE: Final = st.fixed_dictionaries(
    {
        "spec": st.fixed_dictionaries(
            {"containers": CONTAINERS}, optional={"initContainers": CONTAINERS, "volumes": ANY}
        )
    },
    optional={"metadata": ANY},
)


def parts(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each part below the top, with indices."""
    keys = document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for key in keys:
        yield (*place, key)
        yield from parts(document[key], (*place, key))


def at(document: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        document = document[step]
    return document


Mutated = tuple[Any, list[tuple[Any, tuple[Any, ...]]]]
"""A document, and the parts that are new, gone or changed in it: each with the document that has it, and its path."""


def mutated(document: Any, chance: random.Random) -> Mutated:
    """One small change somewhere in a document."""
    after = copy.deepcopy(document)
    place = chance.choice(list(parts(after)))
    home, key, part = at(after, place[:-1]), place[-1], at(after, place)
    fresh = chance.choice(
        [None, True, 1, 2, "1", "x", "z", "", [], {}, {"name": "b"}, {"x": 1}, [{"name": "a"}], ["x"]]
    )
    kinds = ["set", "remove", *["add"] * isinstance(part, dict | list), *["move"] * isinstance(part, list)]
    match chance.choice(kinds):
        case "set":
            home[key] = fresh
            return after, [(document, place), (after, place)]
        case "remove":
            del home[key]
            return after, [(document, place)]
        case "move":
            chance.shuffle(part)
            return after, [(document, place), (after, place)]
        case _ if isinstance(part, dict):
            name = chance.choice([name for name in ("new", "__new", "x", "env") if name not in part] or ["newer"])
            part[name] = fresh
            return after, [(after, (*place, name))]
        case _:
            index = chance.randint(0, len(part))
            part.insert(index, copy.deepcopy(chance.choice([*part, fresh])))
            return after, [(after, (*place, index))]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two templates: another, or the same after some changes."""
    before, chance = draw(ANY_TEMPLATE), draw(st.randoms(use_true_random=False))
    after = before
    if draw(st.integers(0, 4)) == 0:
        after = draw(ANY_TEMPLATE)
    for _ in range(draw(st.integers(0, 5))):
        after, _ = mutated(after, chance) if after else (after, [])
    assume(not is_ambiguous(before) and not is_ambiguous(after))
    return before, after


def is_ambiguous(document: Any) -> bool:
    """Whether a container is named as an init container is, which Kubernetes refuses."""
    main, init = ({held.name for held in containers(document) if held.init is kind} for kind in (False, True))
    return bool(main & init)


# -- laws --------------------------------------------------------------------------------------------------------------


def inside(edit: FieldPath, document: Any, place: tuple[Any, ...]) -> bool:
    """Whether a part of a document lies in an edit, which goes by names or by indices."""
    if len(edit) > len(place):
        return False
    for step, key in zip(edit, place, strict=False):
        name = document[key].get("name") if isinstance(document, list) and isinstance(document[key], dict) else None
        if step != key and (step != name or name is None):
            return False
        document = document[key]
    return True


def differing_parts(one: Any, other: Any, place: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The parts of two documents that differ at a place: those of a mapping or a list one by one."""
    for document, rest in ((one, other), (other, one)):
        here, there = (none_as_empty(at(each, place), place) for each in (document, rest))
        if isinstance(here, dict) and isinstance(there, dict):
            yield from ((document, (*place, key)) for key in here if key not in there)
            both = [key for key in here if key in there and canonical(here[key]) != canonical(there[key])]
            yield from (part for key in both for part in differing_parts(one, other, (*place, key)))
        elif isinstance(here, list) and isinstance(there, list) and not is_move(here, there):
            left = list(map(canonical, there))
            yield from ((document, (*place, index)) for index, item in enumerate(here) if canonical(item) not in left)
        else:
            yield document, place


def none_as_empty(part: Any, place: tuple[Any, ...]) -> Any:
    """An `env` that is `null` is as good as an empty one."""
    return [] if part is None and len(place) == 4 and place[3] == "env" else part


def one_by_one(changed: list[tuple[Any, tuple[Any, ...]]]) -> list[tuple[Any, tuple[Any, ...]]]:
    """The part that is new or gone; of an `env` each variable, for a missing one is as good as an empty one."""
    ((document, place),) = changed
    variables = at(document, place) if len(place) == 4 and place[3] == "env" else None
    return [(document, (*place, index)) for index in range(len(variables))] if isinstance(variables, list) else changed


def is_move(one: list[Any], other: list[Any]) -> bool:
    return sorted(map(canonical, one)) == sorted(map(canonical, other))


def is_only_about_an_empty_env(found: Edits, after: Any, place: tuple[Any, ...]) -> bool:
    """A list of variables that is missing, `null` or empty once they are gone is the same to Kubernetes and to us."""
    if len(place) != 4 or place[3] != "env":
        return False
    homes = [at(document, place[:3]) for document in (found.after, after)]
    gone = any(len(edit) == 5 and inside(edit[:3], after, place[:3]) and edit[3] == "env" for edit in found.places)
    return gone and all(home.get("env") in (None, []) for home in homes)


def is_only_about_the_place_of_new_items(found: Edits, changed: list[tuple[Any, tuple[Any, ...]]]) -> bool:
    """Among which others a new item stands, its edit does not say; nor where of two with one name each stands."""
    if len(changed) == 1:
        return False
    one, other = (at(document, place) for document, place in changed)
    if not (isinstance(one, list) and isinstance(other, list)):
        return False
    if not is_move(one, other):
        return False
    free = [edit.place for edit in found.edits if not is_named(one) or part_at(found.before, edit.place) is None]
    return bound_items(free, *changed[0]) == bound_items(free, *changed[1])


def bound_items(free: list[FieldPath], document: Any, place: tuple[Any, ...]) -> list[str]:
    """The items of a list, in their order, without those in the edits whose items may stand anywhere."""
    indices = range(len(at(document, place)))
    bound = (index for index in indices if not any(inside(edit, document, (*place, index)) for edit in free))
    return [canonical(at(document, (*place, index))) for index in bound]


def demand_all_edits(found: Edits) -> int:
    """A lost edit is caught, unless the whole of an `env` in which it lies is shown, too."""
    prove_edits(found)
    for lost in found.edits:
        if lost.place[:4] not in {edit.place for edit in found.edits if edit is not lost and len(edit.place) == 4}:
            assert "differs, and no edit says so" in fault(without(found, lost))
    return len(found.edits)


def demand_no_more(found: Edits, chance: random.Random) -> str:
    """One more change in T1 is caught."""
    after, changed = mutated(found.after, chance)
    if canonical(after) == canonical(found.after):
        return "the same"
    parts_changed = (
        one_by_one(changed) if len(changed) == 1 else list(differing_parts(found.after, after, changed[0][1]))
    )
    if all(any(inside(edit, *part) for edit in found.places) for part in parts_changed):
        return "inside of an edit"
    if is_only_about_an_empty_env(found, after, changed[0][1]):
        return "an empty env"
    if is_only_about_the_place_of_new_items(found, changed):
        return "the place of new items"
    assert is_refused(replace(found, after=after)), changed[0][1]
    return "caught"


@LAW
@given(pair=pairs())
def test_between_any_two_templates_our_own_edits_are_proven_and_each_of_them_is_needed(pair: Any) -> None:
    demand_all_edits(edits_from(*pair))


@LAW
@given(pair=pairs(), chance=st.randoms(use_true_random=False))
def test_one_more_change_anywhere_outside_of_the_edits_is_caught(pair: Any, chance: random.Random) -> None:
    found = edits_from(*pair)
    assume(found.after)
    demand_no_more(found, chance)


@LAW
@given(live=TEMPLATES, wanted=CHANGES | EVERYWHERE, chance=st.randoms(use_true_random=False))
def test_what_a_plan_of_variables_changes_is_proven_and_nothing_more(live: Any, wanted: Any, chance: Any) -> None:
    for each in live["spec"]["containers"]:  # a name that stands twice is no matter of a plan that leaves it alone
        each["env"] = [*(each.get("env") or ()), literal("__T", "1"), literal("__T", "2")]
    found = edits(*wanted, live=live)
    demand_all_edits(found)
    demand_no_more(found, chance)


@LAW
@given(operations=OPERATIONS, chance=st.randoms(use_true_random=False))
def test_what_a_patch_changes_is_proven_and_nothing_more(operations: Any, chance: random.Random) -> None:
    found = outcome(operations)
    if isinstance(found, Edits):
        demand_all_edits(found)
        demand_no_more(found, chance)


@LAW
@given(live=TEMPLATES | ANY_TEMPLATE)
def test_a_template_does_not_differ_from_itself(live: Any) -> None:
    assert changed_leaves(live, json.loads(json.dumps(live))) == ()


# -- our own comparison, broken ----------------------------------------------------------------------------------------


def test_a_difference_that_our_own_comparison_drops_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: `differing` loses one of its differences, whichever it is; edits and proof are as they are."""
    after = changed(lambda env: (env[0].update(value="2"), env.pop(1)), image="app:2", args=["x"])
    whole = differing(LIVE, after)
    assert len(whole) == 4
    prove_edits(edits_from(LIVE, after))
    for lost in whole:

        def forgetful(*_: Any, lost: Difference = lost) -> tuple[Difference, ...]:
            return tuple(each for each in whole if each is not lost)

        monkeypatch.setattr(edit_module, "differing", forgetful)
        assert "differs, and no edit says so" in fault(edits_from(LIVE, after))


# -- one by one --------------------------------------------------------------------------------------------------------


LIVE: Final = template(
    container("app", literal("A", "1"), secret("B", "s", "k"), literal("C", "3")), container("proxy", literal("A", "1"))
)
ENV_OF_APP: Final = ("spec", "containers", "app", "env")


def changed(change: Callable[[Any], Any], **fields: Any) -> Any:
    """The usual template after a change of the first container's variables, and with other fields."""
    document: Any = copy.deepcopy(LIVE)
    change(document["spec"]["containers"][0]["env"])
    document["spec"]["containers"][0].update(fields)
    return document


def without_env() -> Any:
    document: Any = copy.deepcopy(LIVE)
    del document["spec"]["containers"][1]["env"]
    return document


MOVES: Final[dict[str, tuple[Any, list[FieldPath]]]] = {
    "a value": (changed(lambda env: env[0].update(value=PLANTED)), [(*ENV_OF_APP, "A", "value")]),
    "a removal in the middle": (changed(lambda env: env.pop(1)), [(*ENV_OF_APP, "B")]),
    "an addition at the front": (changed(lambda env: env.insert(0, literal("__X", "1"))), [(*ENV_OF_APP, "__X")]),
    "another order": (changed(lambda env: env.reverse()), [ENV_OF_APP]),
    "a name a second time": (
        changed(lambda env: env.insert(1, literal("A", "1"))),
        [(*ENV_OF_APP, "A")],
    ),
    "a number for a text": (changed(lambda env: env[0].update(value=1)), [(*ENV_OF_APP, "A", "value")]),
    "true for a text": (changed(lambda env: env[2].update(value=True)), [(*ENV_OF_APP, "C", "value")]),
    "null for nothing": (changed(lambda _: None, args=None), [("spec", "containers", "app", "args")]),
    "a list that goes as a whole": (without_env(), [("spec", "containers", "proxy", "env", "A")]),
    "an item without a name": (changed(lambda env: env.append("x")), [(*ENV_OF_APP, 0)]),
}


@pytest.mark.parametrize(("after", "leaves"), MOVES.values(), ids=MOVES)
def test_a_change_is_found_by_name_and_order(after: Any, leaves: list[FieldPath]) -> None:
    assert list(changed_leaves(LIVE, after)) == leaves
    prove_edits(edits_from(LIVE, after))


def test_a_list_whose_edits_go_by_index_is_compared_by_index() -> None:
    one, other = ({"spec": {"hosts": [{"ip": "1", "x": x}, {"ip": "2", "x": 3}]}} for x in (1, 2))
    found = edits_from(one, other)
    assert found.places == changed_leaves(one, other, found.places) == (("spec", "hosts", 0, "x"),)
    swapped = {"spec": {"hosts": one["spec"]["hosts"][::-1]}}
    assert len(edits_from(one, swapped).places) == demand_all_edits(edits_from(one, swapped)) == 4


def test_a_change_that_no_edit_names_is_a_bug_and_its_value_is_not_shown() -> None:
    found = edits_from(LIVE, changed(lambda env: env[0].update(value=PLANTED)))
    assert fault(replace(found, edits=())) == (
        "a bug in cutover: spec.containers[app].env[A].value differs, and no edit says so"
    )


def test_an_edit_of_what_does_not_differ_is_a_bug() -> None:
    found = edits_from(LIVE, changed(lambda env: env[0].update(value="2")))
    assert fault(replace(found, after=LIVE)) == (
        "a bug in cutover: an edit is about spec.containers[app].env[A], which does not differ"
    )


def test_an_order_that_changes_beside_a_variable_is_an_edit_of_its_own() -> None:
    found = edits_from(LIVE, changed(lambda env: (env[0].update(value="2"), env.reverse())))
    assert found.places == ((*ENV_OF_APP, "A"), ENV_OF_APP)


def test_a_value_that_never_counts_changes_beside_another_variable_and_is_an_edit_of_its_own() -> None:
    twice = [literal("A", "1"), literal("A", "2"), literal("B", "1")]
    one, other = (template(container("app", literal("A", first), *twice[1:2], literal("B", first))) for first in "13")
    assert edits_from(one, other).places == ((*ENV_OF_APP, "B"), ENV_OF_APP)


def test_containers_in_another_order_are_compared_by_index_variables_too() -> None:
    other: Any = copy.deepcopy(LIVE)
    other["spec"]["containers"].reverse()
    found = edits_from(LIVE, other)
    demand_all_edits(found)
    assert found.of_variables == ()


def test_a_template_as_deep_as_any_is_proven() -> None:
    one, other = ({"spec": nested(leaf, DEEPEST)} for leaf in "xy")
    demand_all_edits(edits_from(one, other))


def nested(leaf: str, levels: int) -> Any:
    return {"name": "n", "in": [nested(leaf, levels - 2)]} if levels > 1 else leaf


@pytest.mark.uncovered
def test_a_template_of_a_megabyte_is_proven_in_seconds() -> None:
    """Half a second of one core; without a text diff of long values, for which deepdiff would take minutes."""
    lines = "".join(f"{number}\n" for number in range(30_000))
    before, after = (
        template(container("app", *(literal(f"V{number}", "x" * 200) for number in range(4500)), literal("LONG", long)))
        for long in (lines, lines[::-1])
    )
    assert len(json.dumps(before)) > 1_000_000
    found = edits_from(before, after)
    began = time.process_time()
    prove_edits(found)
    assert time.process_time() - began < 10
