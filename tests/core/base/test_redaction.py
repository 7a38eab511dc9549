"""Redaction: nothing secret comes through, and what is not secret stays readable."""

import base64
import copy
import json
import pickle
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cutover
from cutover.core.base.cluster_text import ClusterText, sentence
from cutover.core.base.credential_patterns import secret_parts
from cutover.core.base.known_secrets import Matcher, matcher
from cutover.core.base.redaction import LONGEST_QUOTE, Redactor
from cutover.core.base.secret_encodings import SHORTEST
from cutover.core.base.secret_text import SecretText

TABLES = ("secret_text", "cluster_text", "secret_encodings", "credential_forms", "credential_names")
KEY = b"a key of this run"
PLAIN = Redactor(KEY)
TAG = re.compile(r"<masked-[0-9a-f]{6}>")


def shape(text: str) -> str:
    """The text with every tag as `<#>`."""
    return TAG.sub("<#>", text)


def knowing(*secrets: str, public: tuple[str, ...] = ()) -> Redactor:
    return PLAIN.knowing(map(SecretText, secrets), public)


# A sealed value.


def test_no_way_of_printing_shows_a_sealed_value() -> None:
    sealed = SecretText("hunter2")
    shown = [repr(sealed), str(sealed), f"{sealed}", f"{sealed!r:>20}", f"{[sealed]}", "%s" % sealed]  # noqa: UP031 -- one of the ways
    assert "hunter2" not in " ".join(shown)
    with pytest.raises(TypeError):
        json.dumps(sealed)
    with pytest.raises(TypeError):
        pickle.dumps(sealed)


def test_a_sealed_value_is_compared_by_content_and_never_changes() -> None:
    sealed = SecretText("a")
    assert sealed == SecretText("a") != SecretText("b")
    assert len({sealed, SecretText("a")}) == 1
    assert copy.deepcopy(sealed) is sealed
    with pytest.raises(AttributeError):
        sealed._value = "b"  # noqa: SLF001 -- the attempt is the test


def files_with(words: str) -> set[str]:
    """The files of the program in which these words stand."""
    root = Path(cutover.__file__).parent
    return {str(file.relative_to(root)) for file in root.rglob("*.py") if words in file.read_text()}


def test_a_value_is_opened_in_five_files_only() -> None:
    printing = {"core/base/redaction.py", "core/base/known_secrets.py"}
    building = {"core/podtemplate/env_source.py", "core/patch/config_copies.py", "core/patch/old_value_search.py"}
    assert files_with(".reveal()") == {*printing, *building}


def test_a_text_of_the_cluster_is_opened_by_the_redactor_only() -> None:
    assert files_with(".unmasked()") == {"core/base/redaction.py"}


def test_the_page_about_secrets_names_every_file_that_opens_a_value_or_makes_a_redactor() -> None:
    page = (Path(cutover.__file__).parents[1] / "docs" / "secrets.md").read_text()
    ways = files_with(".reveal()") | files_with(".unmasked()") | (files_with("Redactor(") - {"core/base/redaction.py"})
    assert {file for file in ways if f"`{file}`" not in page} == set()
    named = set(re.findall(r"`((?:adapters|commands|core)/[\w/]+\.py)`", page))
    assert named - ways <= {f"core/base/{name}.py" for name in TABLES}


# By value.


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "<<{}>>",
        "x{}y",
        "FATAL: cannot use '{}' here",
        "one\n{}\ntwo",
        "{} and again {}",
    ],
)
def test_a_known_value_is_masked_wherever_it_stands(form: str) -> None:
    assert shape(knowing("correct horse").text(form.replace("{}", "correct horse"))) == form.replace("{}", "<#>")


AWKWARD = 'p@ss/"wörd" 1+1=2'


@pytest.mark.parametrize(
    "spelled",
    [
        quote(AWKWARD, safe=""),
        quote(AWKWARD),
        quote_plus(AWKWARD),
        base64.b64encode(AWKWARD.encode()).decode(),
        base64.b64encode(AWKWARD.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(AWKWARD.encode()).decode(),
        json.dumps(AWKWARD)[1:-1],
        json.dumps(AWKWARD, ensure_ascii=False)[1:-1],
    ],
)
def test_a_known_value_is_masked_in_every_spelling_under_one_tag(spelled: str) -> None:
    redactor = knowing(AWKWARD)
    assert redactor.text(f"[{spelled}]") == redactor.text(f"[{AWKWARD}]")
    assert shape(redactor.text(f"[{spelled}]")) == "[<#>]"


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("postgres://payments:s3cr%40t@db-b:5432/payments?sslmode=require", "s3cr@t"),
        ("postgres://payments:s3cr%40t@db-b:5432/payments", "s3cr%40t"),
        ("host=db user=payments password=s3cr3t dbname=payments", "s3cr3t"),
        ("jdbc:postgresql://db/payments?user=payments&password=s3cr3t&ssl=true", "s3cr3t"),
        ('{"user": "payments", "password": "s3cr3t"}', "s3cr3t"),
        ("-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\nAAAABBBBCCCC\n-----END KEY-----\n", "MIIEowIBAAKCAQEA"),
        ("s3cr3t-with-line-end\n", "s3cr3t-with-line-end"),
    ],
)
def test_the_secret_inside_of_a_known_value_is_masked_on_its_own(value: str, part: str) -> None:
    assert shape(knowing(value).text(f"authentication failed for {part}!")) == "authentication failed for <#>!"


def test_of_a_connection_string_in_a_secret_host_and_user_alone_are_no_secret() -> None:
    redactor = knowing("postgres://payments:s3cr3t@db-b:5432/payments")
    assert redactor.text("cannot reach db-b:5432 as payments") == "cannot reach db-b:5432 as payments"


def test_values_that_overlap_leave_nothing_of_either() -> None:
    assert shape(knowing("abcdefgh", "efghijkl").text("-abcdefghijkl-")) == "-<#>-"
    assert shape(knowing("abcd", "abcdefgh").text("-abcdefgh-abcd-")) == "-<#>-<#>-"


def test_a_value_that_looks_like_a_key_does_not_open_what_stands_after_it() -> None:
    assert "hunter2" not in knowing("password").text("password=hunter2")


def test_equal_values_show_equal_tags_within_a_run_and_others_in_the_next() -> None:
    one, two = knowing("secret one", "secret two").text("secret one, secret two, secret one").split(", ")[:2]
    text = knowing("secret one", "secret two").text("secret one, secret two, secret one")
    assert text.split(", ") == [one, two, one]
    assert one != two
    other = Redactor(b"another key").knowing([SecretText("secret one")]).text("secret one")
    assert TAG.fullmatch(other)
    assert other != one


def test_a_tag_says_nothing_of_the_length() -> None:
    assert len(knowing("abcd").text("abcd")) == len(knowing("a" * 500).text("a" * 500))


def test_values_too_short_to_look_for_are_counted() -> None:
    redactor = knowing("abc", "x", "", "long enough", "postgres://a:pw@db/x")
    assert redactor.skipped == 3
    assert redactor.text("abc x pw") == "abc x pw"
    assert SHORTEST == 4


def test_a_public_name_and_a_truth_are_not_masked() -> None:
    redactor = knowing("payments", "true", "hunter2", public=("payments",))
    assert shape(redactor.text("payments/payments: true, hunter2")) == "payments/payments: true, <#>"


def test_matchers_of_one_key_join_and_of_two_keys_do_not() -> None:
    joined = matcher([SecretText("value one")], KEY).joined(matcher([SecretText("value two"), SecretText("x")], KEY))
    assert shape(Redactor(KEY).matching(joined).text("value one, value two")) == "<#>, <#>"
    assert joined.skipped == 1
    with pytest.raises(ValueError, match="different keys"):
        joined.joined(matcher([SecretText("value three")], b"other"))


def test_what_a_redactor_knows_cannot_be_read_from_it() -> None:
    redactor = knowing("correct horse battery")
    assert "horse" not in repr(redactor)
    assert isinstance(redactor.known, Matcher)
    assert "corr" not in repr((redactor.known.marks, redactor.known.heads, redactor.known.tags))


# By pattern.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgres://app:s3cr3t@db:5432/payments", "postgres://app:<#>@db:5432/payments"),
        ("redis://:s3cr3t@cache", "redis://:<#>@cache"),
        ("postgres://app:pa/ss@db/x", "postgres://app:<#>@db/x"),
        ("postgres://app:p@ss@db/x", "postgres://app:<#>@db/x"),
        ("https://ghp_abc@github.com/x", "https://<#>@github.com/x"),
        ("http://db:8080/a@b", "http://db:8080/a@b"),
        ("postgres://app@db/payments", "postgres://app@db/payments"),
        ("password=hunter2", "password=<#>"),
        ("PGPASSWORD=hunter2 PGUSER=app", "PGPASSWORD=<#> PGUSER=app"),
        ("db_password: hunter2, user: app", "db_password: <#>, user: app"),
        ("?a=b&token=abc&c=d", "?a=b&token=<#>&c=d"),
        ("password = 'with spaces in it' next", "password = '<#>' next"),
        ('{"password":"with \\"quotes\\"","a":"b"}', '{"password":"<#>","a":"b"}'),
        ('{"apiKey":12345,"msg":"the true cause"}', '{"apiKey":<#>,"msg":"the true cause"}'),
        ('{\\"pwd\\":\\"a b\\",\\"c\\":\\"d\\"}', '{\\"pwd\\":\\"<#>\\",\\"c\\":\\"d\\"}'),
        ('{"token":null,"secret":true}', '{"token":null,"secret":true}'),
        ('{"secretKeyRef":{"name":"db","optional":true}}', '{"secretKeyRef":{"name":"db","optional":true}}'),
        ("credentials := abc", "credentials := <#>"),
        ("--db-password s3cr3t --verbose", "--db-password <#> --verbose"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <#>"),
        ("authorization: Basic dXNlcjpw", "authorization: Basic <#>"),
        ('"Authorization": "Digest username=x, response=y"', '"Authorization": "Digest <#>"'),
        ("sent Bearer abcdef123", "sent Bearer <#>"),
        ("eyJhbGciOiJI.eyJzdWIiOiI.c2ln end", "<#> end"),
        ("a -----BEGIN RSA PRIVATE KEY-----\nMII\nabc\n-----END RSA PRIVATE KEY----- b", "a <#> b"),
        ("a -----BEGIN PRIVATE KEY-----\\nMII\\n-----END PRIVATE KEY-----\\n b", "a <#>\\n b"),
        ("a -----BEGIN RSA PRIVATE KEY-----\nMII\nabc", "a <#>"),
        ("MII\nabc\n-----END RSA PRIVATE KEY----- b", "<#> b"),
        ("token_url=https://kc/realms/x/token", "token_url=https://kc/realms/x/token"),
        ("my_token=https://kc/realms/x/token", "my_token=https://kc/<#>"),
        ("TOKEN=p://in-no-scheme-that-is-known", "TOKEN=<#>"),
    ],
)
def test_what_looks_like_a_credential_is_masked_and_nothing_else(text: str, said: str) -> None:
    assert shape(PLAIN.text(text)) == said


@pytest.mark.parametrize(
    "text",
    [
        "KEYCLOAK_URL=https://kc.example/realms/shop",
        "couldn't find key url in Secret payments/payments-db-b",
        "references non-existent secret key: url",
        'secret "payments-db-b" not found',
        "password authentication failed for user payments",
        "basic authentication failed; Bearer authentication is required",
        "back-off 10s restarting failed container=app pod=payments-6d5f9-x",
        "connection to server at 10.0.0.1, port 5432 failed: Connection refused",
        "exit code 1: could not translate host name db-b to address",
    ],
)
def test_the_true_cause_of_a_failure_stays_readable(text: str) -> None:
    assert PLAIN.text(text) == text


def test_text_that_was_redacted_before_stays_as_it_is() -> None:
    once = PLAIN.text(
        'a password=x, {"token":1,"n":"y"} postgres://u:p@h/d --password q my_token=https://h/p\n'
        "Authorization: Bearer abcdef"
    )
    assert len(TAG.findall(once)) == 6
    assert PLAIN.text(once) == once


# An env literal, log lines, documents.


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FEATURE_X", "on", "on"),
        ("DB_PASSWORD", "on", "<#>"),
        ("API_KEY", "", ""),
        ("DATABASE_URL", "postgres://app:s3cr3t@db/payments", "postgres://app:<#>@db/payments"),
        ("DATABASE_DSN", "host=db password=s3cr3t", "host=db password=<#>"),
        ("KEYCLOAK_URL", "https://kc.example/realms/shop", "https://kc.example/realms/shop"),
        ("TOKEN_URL", "https://kc.example/realms/shop", "https://kc.example/realms/shop"),
        ("HOOK_TOKEN", "https://kc.example/realms/shop", "https://kc.example/<#>"),
        ("WEBHOOK_SECRET_URL", "https://u:p@hooks.example", "https://u:<#>@hooks.example"),
        ("CA", "-----BEGIN X-----\nabc\n-----END X-----", "<#>"),
    ],
)
def test_an_env_literal_is_plain_unless_name_or_form_look_like_a_credential(name: str, value: str, said: str) -> None:
    assert shape(PLAIN.literal(name, SecretText(value))) == said


def test_an_env_literal_that_is_a_known_value_is_masked() -> None:
    assert shape(knowing("hunter2").literal("FEATURE_X", SecretText("hunter2"))) == "<#>"


def test_log_lines_are_joined_before_anything_is_looked_for() -> None:
    lines = ("one", "-----BEGIN RSA PRIVATE KEY-----", "MII", "-----END RSA PRIVATE KEY-----", "two")
    assert tuple(map(shape, PLAIN.lines(lines))) == ("one", "<#>", "two")
    assert tuple(map(shape, knowing("over\ntwo lines").lines(("a over", "two lines b")))) == ("a <#> b",)
    assert PLAIN.lines(()) == ()
    assert PLAIN.lines(("",)) == ("",)


def test_a_document_is_masked_by_the_names_in_it_and_references_stay_readable() -> None:
    document = {
        "env": [
            {"name": "FEATURE_X", "value": "on"},
            {"name": "DB_PASSWORD", "value": "hunter2"},
            {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ],
        "args": ["--verbose", "--password", "hunter2", "--token=hunter2", "serve"],
        "volumes": [{"secret": {"secretName": "db-token", "defaultMode": 420}}],
        "annotations": {"example.dev/token": "hunter2", "example.dev/team": "shop"},
        "count": 3,
        "none": None,
    }
    assert json.loads(shape(json.dumps(PLAIN.document(document)))) == {
        "env": [
            {"name": "FEATURE_X", "value": "on"},
            {"name": "DB_PASSWORD", "value": "<#>"},
            {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ],
        "args": ["--verbose", "--password", "<#>", "--token=<#>", "serve"],
        "volumes": [{"secret": {"secretName": "db-token", "defaultMode": 420}}],
        "annotations": {"example.dev/token": "<#>", "example.dev/team": "shop"},
        "count": 3,
        "none": None,
    }


# Laws.

SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=SHORTEST, max_size=60).filter(
    lambda text: len(text.strip()) >= SHORTEST and text.lower() not in ("true", "false", "null", "none")
)
SPELLINGS: tuple[Any, ...] = (
    str,
    lambda text: quote(text, safe=""),
    lambda text: base64.b64encode(text.encode()).decode(),
    json.dumps,
    lambda text: f"postgres://app:{quote(text, safe='')}@db/payments",
)
LAW = settings(deadline=None, max_examples=300)


@LAW
@given(
    st.lists(SECRETS, min_size=1, max_size=4), st.sampled_from(SPELLINGS), st.text(max_size=20), st.text(max_size=20)
)
def test_a_planted_secret_never_survives(secrets: list[str], spell: Any, before: str, after: str) -> None:
    planted = spell(secrets[0])
    shown = knowing(*secrets).text(f"{before}{planted}{after}")
    between = TAG.split(shown)
    assume(not any(secrets[0] in part for part in (before, after)))
    assert not any(secrets[0] in part or planted in part for part in between)


@LAW
@given(SECRETS, st.text(alphabet=" \n\t:=,;&?\"'\\{}[]@/x", max_size=12))
def test_the_value_after_a_telling_key_never_survives(secret: str, around: str) -> None:
    assume(not re.search(r"\s", secret))
    shown = PLAIN.text(f'{around}"password":{json.dumps(secret)}{around}')
    assert json.dumps(secret)[1:-1] not in TAG.sub("", shown) or json.dumps(secret)[1:-1] in around


@LAW
@given(st.text(max_size=200), st.lists(SECRETS, max_size=3))
def test_any_text_can_be_redacted(text: str, secrets: list[str]) -> None:
    redactor = knowing(*secrets)
    assert isinstance(redactor.text(text), str)
    assert "\n".join(redactor.lines(text.split("\n"))) == redactor.text(text)
    redactor.literal(text[:10], SecretText(text))


# The cost.

HOSTILE = {
    "random": base64.b64encode(bytes(range(256)) * 3000).decode(),
    "a log": "\n".join(f'level=info msg="handled" path=/x/{n} key=abc{n} took={n}ms' for n in range(15_000)),
    "keys": "key" * 330_000,
    "keys with quotes": 'key="' * 200_000,
    "keys with escapes": "key\\" * 250_000,
    "schemes": "a://b:/" * 140_000,
    "tokens": "eyJ-" * 250_000,
    "pem": "-----BEGIN A-----" * 58_000,
    "flags": "--key " * 166_000,
    "headers": "authorization: " * 66_000,
    "spaces": f"key{' ' * 1_000_000}",
    "connections": "a:@a(@" * 170_000,
    "accounts": "a/b@c:1" * 140_000,
    "markup": "<password " * 100_000,
    "names and values": "name: password value " * 50_000,
    "braces": "{password" * 110_000,
    "colons": "a:1:b:c:" * 120_000,
    "one word": "a" * 1_000_000,
    "encoded keys": "password%3D" * 90_000,
    "entities": "password=&quot;" * 60_000,
    "blocks": "password: |\n x\n" * 60_000,
    "commands": "-u a:" * 200_000,
}


@pytest.mark.uncovered
@pytest.mark.sampled(8)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_megabyte_of_anything_against_twenty_secrets_takes_about_a_second(kind: str) -> None:
    redactor = knowing(*(f"secret number {number} of twenty" for number in range(20)))
    began = time.process_time()
    redactor.text(HOSTILE[kind])
    assert time.process_time() - began < 4  # well under 1.5 s on an idle machine; what is quadratic takes minutes


# Pieces of a value, where somebody cut the text.


@LAW
@given(SECRETS.filter(lambda text: not list(secret_parts(text))), st.data())
def test_no_piece_of_a_secret_is_left_where_the_text_was_cut(secret: str, data: st.DataObject) -> None:
    text = f"the beginning {secret} the end"
    start = data.draw(st.integers(14, 14 + len(secret) - SHORTEST), "start")
    end = data.draw(st.integers(14 + SHORTEST, 14 + len(secret)), "end")
    assume(not any(secret[at : at + SHORTEST] in "the beginning  the end" for at in range(len(secret))))
    redactor = knowing(secret)
    assert redactor.whole(ClusterText(text[start:])).startswith("<masked-")
    assert redactor.whole(ClusterText(text[:end])).endswith(">")
    assert redactor.excerpt(ClusterText(text[:end])).endswith(">")


def test_a_message_is_masked_before_it_is_cut() -> None:
    message = f"{'x' * (LONGEST_QUOTE - 4)} hunter2pw"
    assert "hun" not in knowing("hunter2pw").excerpt(ClusterText(message))
    assert len(PLAIN.excerpt(ClusterText(message))) == LONGEST_QUOTE + 1


def test_the_beginning_of_a_connection_string_is_no_secret() -> None:
    redactor = knowing("postgres://payments:hunter2pw@db-b/payments")
    assert redactor.whole(ClusterText("cannot reach postgres")) == "cannot reach postgres"
    assert shape(redactor.whole(ClusterText("cannot reach postgres://payments:hunter"))).endswith("payments:<#>")


def test_no_way_of_printing_shows_a_text_of_the_cluster() -> None:
    text = ClusterText("hunter2")
    told = sentence("it says ", text, sentence(": ", text))
    shown = [repr(text), format(text), format(told), repr(told), f"{[text]}", f"{[told]}"]
    assert "hunter2" not in " ".join(shown)
    with pytest.raises(TypeError):
        json.dumps(text)
    assert PLAIN.words(told) == "it says hunter2: hunter2"
    assert knowing("hunter2").words(told).count("<masked-") == 2


def test_a_secret_over_two_parts_of_a_sentence_is_masked() -> None:
    assert "hunter2" not in PLAIN.words(sentence("it says password=", ClusterText("hunter2")))
