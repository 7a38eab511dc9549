"""The tables that pipelines and pagers rely on: outcomes, exit codes, causes."""

import pytest

from cutover.core.base.causes import PRECEDENCE, Reaction, rank, rule
from cutover.core.base.outcomes import DIFFERENCES_FOUND, EXIT_CODES, Attribution, Outcome


def test_every_outcome_has_the_exit_code_of_the_contract() -> None:
    assert {outcome.value: code for outcome, code in EXIT_CODES.items()} == {
        "promoted": 0,
        "unchanged": 0,
        "planned": 0,
        "done": 0,
        "error": 1,
        "invalid": 2,
        "refused": 3,
        "stale": 4,
        "locked": 5,
        "unreachable": 7,
        "held": 10,
        "unverified": 11,
        "holding": 12,
        "superseded": 13,
        "unobservable": 14,
        "contained": 15,
        "reverted": 16,
        "interrupted": 130,
    }
    assert set(EXIT_CODES) == set(Outcome)


def test_only_good_news_share_an_exit_code() -> None:
    codes = [code for code in EXIT_CODES.values() if code]
    assert len(codes) == len(set(codes))
    assert DIFFERENCES_FOUND not in EXIT_CODES.values()


def test_every_cause_stands_once_in_the_table_and_the_higher_is_the_stronger() -> None:
    codes = [found.code for found in PRECEDENCE]
    assert len(codes) == len(set(codes))
    assert [rank(code) for code in codes] == list(range(len(codes)))
    assert [rule(code).code for code in codes] == codes


STRONGER = [
    ("superseded", "undone"),
    ("deleted", "superseded"),
    ("superseded", "interrupted"),
    ("interrupted", "deadline"),
    ("stable-sick", "relapse"),
    ("mutated", "not-adopted"),
    ("config-missing", "deadline"),
    ("image", "deadline"),
    ("crash-loop", "deadline"),
    ("unschedulable", "deadline"),
    ("crash-loop", "relapse"),
    ("analysis", "aborted"),
    ("deadline", "timeout"),
    ("timeout", "blind"),
]


@pytest.mark.parametrize(("strong", "weak"), STRONGER)
def test_what_explains_stands_above_what_it_leads_to(strong: str, weak: str) -> None:
    assert rank(strong) < rank(weak)


def test_courses_follow_from_causes() -> None:
    other = {found.code: found.reaction for found in PRECEDENCE if found.reaction is not Reaction.FAIL}
    assert other == {
        "deleted": Reaction.YIELD,
        "superseded": Reaction.YIELD,
        "taken-over": Reaction.YIELD,
        "undone": Reaction.YIELD,
        "interrupted": Reaction.INTERRUPT,
        "stable-sick": Reaction.STOP,
        "blind": Reaction.BLIND,
    }


def test_only_config_says_that_the_plan_is_bad() -> None:
    bad = {found.code for found in PRECEDENCE if found.attribution is Attribution.CONFIG}
    by_deadline = {"progress-deadline", "deadman", "deadline"}
    assert bad == {"invalid-spec", "config-missing", "crash-loop", "relapse"} | by_deadline
