"""Each documented form of a credential is masked wherever it stands, and nothing harmless is."""

import re

import pytest

from cutover.core.base.redaction import Redactor, credentials_in
from cutover.core.base.secret_text import SecretText
from tests.core.base.credential_corpus import FORMS, HARMLESS, Form

PLAIN = Redactor(b"a key of this run")
TAG = re.compile(r"<masked-[0-9a-f]{6}>")


def ids(form: Form) -> str:
    return form.id


def test_the_corpora_are_as_large_as_they_are_meant_to_be() -> None:
    assert len(FORMS) >= 80
    assert len(HARMLESS) >= 60
    assert all(form.secret in form.value for form in FORMS)


@pytest.mark.parametrize("form", FORMS, ids=ids)
def test_a_literal_shows_its_host_and_not_its_secret(form: Form) -> None:
    shown = PLAIN.literal(form.name, SecretText(form.value))
    assert form.secret not in shown
    assert form.host in shown


@pytest.mark.parametrize("form", FORMS, ids=ids)
def test_a_log_line_that_prints_the_variable_shows_no_secret(form: Form) -> None:
    shown = PLAIN.text(f"2026-11-28 18:00:00 ERROR cannot start with\n{form.name}={form.value}\nsee above")
    assert form.secret not in shown


@pytest.mark.parametrize("form", FORMS, ids=ids)
def test_the_credential_of_a_literal_is_known_and_masked_where_it_stands_alone(form: Form) -> None:
    literal = SecretText(form.value)
    parts = credentials_in(form.name, literal)
    assert parts
    shown = PLAIN.knowing(parts).text(f"cannot use {form.value} here: login failed for {parts[0].reveal()}!")
    assert form.secret not in shown


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_is_no_credential_is_shown_and_no_finding(name: str, value: str) -> None:
    assert PLAIN.literal(name, SecretText(value)) == value
    assert credentials_in(name, SecretText(value)) == ()


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_is_no_credential_stays_readable_in_a_log(name: str, value: str) -> None:
    line = f"INFO started with {name}={value}"
    assert PLAIN.text(line) == line
