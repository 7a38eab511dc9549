"""Plans of every kind of change, and ways to spoil them: a seed makes the same ones everywhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

PLAYBOOKS: Final = Path(__file__).parents[2] / "playbooks"

WHOLE: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: a, description: d}
spec:
  target: {app: payments, rollout: r, namespace: n, context: c}
  changes:
    - env: {name: A, value: "x", container: app, from: {value: "y"}, mode: replace}
    - env: {name: B, secretKeyRef: {name: s, key: k, optional: true}, allContainers: true}
    - database: {engine: postgres, env: U, to: {secretKeyRef: {name: b, key: url}}, dataRelation: same}
    - oidc: {provider: keycloak, env: I, to: {issuer: "https://a/b", clientId: w}, accepts: [old, new]}
    - configMap: {name: c, set: {a.b: "1"}, remove: [z]}
    - secret: {name: s, set: {a: {fromFile: ./a}, b: {fromEnv: B}, d: {secretKeyRef: {name: o, key: k}}}}
    - patch: [{op: add, path: /spec/template/x, value: {a: [1, 2.5, true]}}, {op: remove, path: /spec/template/y}]
  watch: {readyWithin: auto, adoptWithin: 60s, hold: 1s, bake: 5m}
  promotion: auto
  onFailure: restore
  pointOfNoReturn: none
  deadman: {seconds: 900}
  allow: [{code: C015, reason: "x"}]
"""

_CHARACTERS: Final = "{}[]:,&*!|>'\"%@`#-?\n\t \0\ufeff~0x1eA"
_WORDS: Final = (
    *("null", "~", "true", "on", "1", "1.5", "2020-01-01", "0x1f", "<<: *a", "&a", "*a", "!!str", "!!python/object:x"),
    *("|", "---", "...", "a: b", "- ", "\u2028", "😀", "{", "}", "'", "[]", "{}", "[a, b]", "{a: b}", '""', "9" * 400),
)
_MARKS: Final = (b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\x80")
_KEYS: Final = ("name", "value", "env", "set", "op", "path", "spec", "to", "key", "changes", "kind")

SEEDS: Final = (WHOLE, *(file.read_text() for file in sorted(PLAYBOOKS.glob("*.yaml"))))


def spoiled(seed: int, number: int) -> Iterator[bytes]:
    """So many plans, each with one to four things wrong, or nothing that matters."""
    random = Random(seed)  # noqa: S311 -- no secret
    for _ in range(number):
        text = random.choice(SEEDS)
        for _ in range(random.randint(1, 4)):
            text = random.choice(_WAYS)(text, random)
        data = text.encode("utf-8", "surrogatepass")
        yield random.choice(_MARKS) + data if random.random() < _MARKED else data


_MARKED: Final = 0.05


def _cut(text: str, random: Random) -> str:
    return text[: random.randrange(len(text) + 1)]


def _character(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(_CHARACTERS) + text[place:]


def _word(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(_WORDS) + text[place:]


def _hole(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + text[place + random.randint(1, 30) :]


def _again(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    end = place + random.randint(1, 60)
    return text[:place] + text[place:end] * random.randint(2, 4) + text[end:]


def _swapped(text: str, random: Random) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _other_key(text: str, random: Random) -> str:
    return text.replace(random.choice(_KEYS), random.choice(_WORDS), 1)


def _other_value(text: str, random: Random) -> str:
    values = list(re.finditer(r": [^\n,}]+", text))
    if not values:
        return text
    found = random.choice(values)
    return f"{text[: found.start()]}: {random.choice(_WORDS)}{text[found.end() :]}"


_WAYS: Final = (_cut, _character, _word, _hole, _again, _swapped, _other_key, _other_value)
