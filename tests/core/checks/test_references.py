"""C017 and C018: what the plan's values come from."""

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.checks import run_all
from cutover.core.checks.finding import Finding, Severity, refusals
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue
from tests.core.checks.documents import codes, edit, ground, secret, told, whole

KEY = ("Secret", "payments-db-b")


def test_a_missing_secret_is_refused_by_name() -> None:
    assert whole(ground(configs={KEY: NotFound("secrets/payments-db-b")})) == (
        "C017 refuse | payments/secret/payments-db-b: url\n"
        "Secret payments-db-b does not exist; DATABASE_URL of container app would have no value\n"
        "→ create it (`kubectl create secret generic payments-db-b -n payments --from-file=url=FILE`), "
        "or correct the name in the plan"
    )


def test_a_missing_key_is_refused_with_the_keys_that_exist() -> None:
    assert whole(ground(configs={KEY: secret("payments-db-b", "user", "uri")})) == (
        "C017 refuse | payments/secret/payments-db-b: url\n"
        "Secret payments-db-b has no key url (it has: uri, user); DATABASE_URL of container app would have no value\n"
        "→ correct the key in the plan, or add it (`kubectl edit secret payments-db-b -n payments`)"
    )


def test_an_empty_configmap_has_no_keys() -> None:
    key = ("ConfigMap", "payments-config")
    wanted = edit(FromConfigMap("payments-config", "pool"), variable="POOL_SIZE")
    (found,) = told(ground(edits=[wanted], configs={key: secret("payments-config")}))
    assert "ConfigMap payments-config has no key pool (it has: none); POOL_SIZE of container app" in found


def test_one_missing_key_in_two_containers_is_one_finding() -> None:
    both = [edit(FromSecret("payments-db-b", "url")), edit(FromSecret("payments-db-b", "url"), container="migrate")]
    (found,) = told(ground(edits=both, configs={KEY: NotFound("secrets/payments-db-b")}))
    assert "DATABASE_URL of container app, DATABASE_URL of container migrate would have no value" in found


def test_a_secret_that_may_not_be_read_is_not_said_to_be_good_and_does_not_refuse() -> None:
    unreadable = ground(configs={KEY: ReadFailed("secrets/payments-db-b", "the right to get secrets is missing")})
    assert refusals(run_all(unreadable)) == ()
    assert whole(unreadable) == (
        "C017 warn (unverified) | payments/secret/payments-db-b: url\n"
        "could not be checked: whether Secret payments-db-b has the key url: the right to get secrets is missing\n"
        "→ look yourself: `kubectl describe secret payments-db-b -n payments` shows key names only"
    )


def test_a_secret_that_nobody_read_is_not_said_to_be_good() -> None:
    (found,) = told(ground(configs={}))
    assert "(unverified)" in found
    assert "it was not read" in found


def test_literals_refer_to_nothing() -> None:
    assert codes(ground(edits=[edit(LiteralValue(SecretText("20")), variable="POOL_SIZE")], configs={})) == []


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (secret("payments-db-b", "url"), "the key exists now"),
        (secret("payments-db-b", "user"), "the key does not exist"),
        (NotFound("secrets/payments-db-b"), "the object does not exist"),
        (ReadFailed("secrets/payments-db-b", "no right"), "whether it exists is not known (no right)"),
    ],
)
def test_an_optional_reference_is_warned_of_in_any_case(found: ConfigView | NotFound | ReadFailed, state: str) -> None:
    wanted = edit(FromSecret("payments-db-b", "url", optional=True))
    assert whole(ground(edits=[wanted], configs={KEY: found})) == (
        "C018 warn | payments/rollout/payments: spec.template.spec.containers[app].env[DATABASE_URL]\n"
        "DATABASE_URL of container app refers to key url of Secret payments-db-b with optional: true, "
        f"and {state}: without it the application starts without the variable\n"
        "→ leave out `optional: true`: new pods then do not start without the key, and the canary is held"
    )


def test_what_could_not_be_checked_cannot_be_a_refusal() -> None:
    with pytest.raises(ValueError, match="no reason to refuse"):
        Finding("C000", Severity.REFUSE, "", "", "", "", verified=False)
