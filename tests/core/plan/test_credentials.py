"""The credentials that a plan spells out."""

import pytest

from cutover.core.plan.model import plan_credentials
from tests.core.plan.texts import plan_with_env


@pytest.mark.parametrize(
    ("env", "secrets"),
    [
        ("{name: DB_PASSWORD, value: hunter2}", ["hunter2"]),
        ("{name: DB_PASSWORD, value: hunter2, from: {value: hunter1}}", ["hunter2", "hunter1"]),
        ('{name: DATABASE_URL, value: "postgres://app:hunter2@db/x"}', ["hunter2"]),
        ('{name: TOKEN_URL, value: "https://kc.example/realms/shop"}', []),
        ("{name: POOL_SIZE, value: twenty}", []),
        ("{name: TOKEN_LIFETIME, value: forever}", []),
        ("{name: SECRET_NAME, value: payments-db-b}", []),
        ("{name: SORT_KEY, value: name}", []),
        ("{name: DB_PASSWORD, secretKeyRef: {name: s, key: k}}", []),
        ("{name: DB_PASSWORD, remove: true}", []),
    ],
)
def test_literals_under_a_telling_name_and_passwords_in_urls_are_credentials(env: str, secrets: list[str]) -> None:
    assert [sealed.reveal() for sealed in plan_credentials(plan_with_env(env))] == secrets
