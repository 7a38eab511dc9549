"""Modules that are loaded late: not at all by a command that has no use for them, and whole for whom that has."""

import subprocess
import sys
from pathlib import Path

import pytest

from cutover.deferred import DEFERRED

PLAYBOOK = Path(__file__).parents[2] / "playbooks" / "env-flag.yaml"


def told(program: str) -> str:
    """What a program prints in a process of its own, in which modules are deferred from the start."""
    begun = f"from cutover.deferred import defer; defer(); defer()\n{program}"
    done = subprocess.run([sys.executable, "-c", begun], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_kubernetes_client_leaves_them_unloaded() -> None:
    late = ("requests", "websocket", "oauthlib.oauth1", "kubernetes.client.models")
    imports = "import sys, kubernetes.config.kube_config"
    assert told(f"{imports}; print(sorted({set(late)} & set(sys.modules)))") == "[]\n"


@pytest.mark.parametrize("name", DEFERRED)
def test_each_is_there_to_be_deferred(name: str) -> None:
    """A name that no longer exists would be a line without effect."""
    assert told(f"import {name}, sys; print({name!r} in sys.modules)") == "True\n"


@pytest.mark.parametrize(("name", "what"), [("kubernetes.stream.ws_client", "WSClient"), ("oauthlib.oauth2", "Client")])
def test_who_uses_one_gets_the_real_one(name: str, what: str) -> None:
    assert told(f"import {name}; print({name}.{what}.__name__)") == f"{what}\n"


def test_a_class_that_is_imported_by_name_is_loaded_when_called() -> None:
    program = (
        "import sys\nfrom requests_oauthlib import OAuth2Session\nprint('requests' in sys.modules)\n"
        "print(type(OAuth2Session(client_id='payments')).__name__, 'requests' in sys.modules)"
    )
    assert told(program) == "False\nOAuth2Session True\n"


def test_what_a_module_does_not_have_is_missed_as_ever() -> None:
    program = "import kubernetes.stream as late\ntry:\n late.nothing\nexcept AttributeError as error:\n print(error)"
    assert told(program) == "module 'kubernetes.stream' has no attribute 'nothing'\n"


def test_a_promised_class_answers_questions_about_it_and_can_be_derived_from() -> None:
    program = (
        "from requests_oauthlib import OAuth2Session as Promised\n"
        "class Ours(Promised): pass\n"
        "from requests_oauthlib import OAuth2Session as Real\n"
        "ours = Ours(client_id='payments')\n"
        "print(type(Real) is type, isinstance(ours, Promised), isinstance(3, Promised), issubclass(Ours, Promised),"
        " issubclass(Promised, Real), Promised.fetch_token is Real.fetch_token)"
    )
    assert told(program) == "True True False True True True\n"


def test_the_client_that_the_kubernetes_package_hands_on_is_the_real_one() -> None:
    program = (
        "from kubernetes.client import ApiClient as Promised\n"
        "from kubernetes.config.kube_config import ApiClient as same\n"
        "one = Promised()\n"
        "from kubernetes.client.api_client import ApiClient as Real\n"
        "print(type(one) is Real, isinstance(one, same), isinstance(one, Promised))"
    )
    assert told(program) == "True True True\n"


PACKAGES = {
    "broken/__init__.py": "raised = len(__import__('tally').times)\n__import__('tally').times.append(1)\n"
    "import nothing_of_that_name",
    "wrong/__init__.py": "1 / 0",
    "mended.py": "import tally\ntally.times.append(1)\nif len(tally.times) < 2: raise OSError('bad')\nword = 'luck'",
    "tally.py": "times = []",
    "late/__init__.py": "import tally\ntally.times.append(1)\nword = 'whole'\nfrom late.part import piece\n",
    "late/part.py": "from late import word\nimport tally\ntally.times.append(2)\npiece = word + ' piece'",
    "late/apart.py": "import late\nseen = late.word",
    "slow.py": "import time\nwords = []\ntime.sleep(0.3)\nwords.append('whole')\nlast = 'last'",
    "left.py": "import time\nword = 'left'\ndef ask(): return right.word\ntime.sleep(0.2)\nimport right\nright.word",
    "right.py": "import time\nword = 'right'\ndef ask(): return left.word\ntime.sleep(0.2)\nimport left\nleft.word",
}


def told_of(folder: Path, names: str, program: str) -> str:
    """What a program prints where these modules of `PACKAGES` are deferred."""
    for name, text in PACKAGES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    deferring = f"from cutover import deferred\ndeferred.DEFERRED.update(dict.fromkeys({names.split()!r}, ()))\n"
    return told(f"import sys; sys.path.insert(0, {str(folder)!r})\n{deferring}{program}")


@pytest.mark.parametrize(
    ("name", "error"),
    [("broken", "ModuleNotFoundError: No module named 'nothing_of_that_name'"), ("wrong", "ZeroDivisionError: ")],
)
def test_a_module_that_cannot_be_loaded_fails_as_itself_each_time(tmp_path: Path, name: str, error: str) -> None:
    program = (
        f"import {name}\nfor access in ('one', 'one', 'raised', '__file__'):\n"
        f" try:\n  getattr({name}, access)\n except Exception as error:\n"
        "  print(f'{type(error).__name__}: {error}')"
    )
    assert [line[: len(error)] for line in told_of(tmp_path, name, program).splitlines()] == [error] * 4


def test_a_second_access_tries_again(tmp_path: Path) -> None:
    program = "import mended\ntry:\n mended.word\nexcept OSError as error:\n print(error)\nprint(mended.word)"
    assert told_of(tmp_path, "mended", program) == "bad\nluck\n"


@pytest.mark.parametrize(
    "program",
    [
        "import late.part",
        "import late.apart",
        "from late import part",
        "from late.part import piece",
        "from late import word",
        "import late; late.word",
        "import late; import late.part",
        "import importlib; importlib.import_module('late.part')",
    ],
)
def test_whatever_of_a_package_is_imported_first_all_of_it_is_there_once(tmp_path: Path, program: str) -> None:
    after = (
        "import late, late.apart, tally, types\n"
        "print(late.word, late.piece, late.apart.seen, late is sys.modules['late'], tally.times,"
        " type(late) is types.ModuleType, late.part is sys.modules['late.part'], type(late.__loader__).__name__,"
        " late.__spec__.loader is late.__loader__, late.part.__spec__.name, sep=', ')"
    )
    expected = "whole, whole piece, whole, True, [1, 2], True, True, SourceFileLoader, True, late.part\n"
    assert told_of(tmp_path, "late", f"{program}\n{after}") == expected


def test_a_submodule_of_the_client_can_be_imported_first() -> None:
    program = (
        "import kubernetes.stream.ws_client as client, requests_oauthlib.oauth2_session as session\n"
        "import kubernetes.stream, requests_oauthlib\n"
        "print(kubernetes.stream.ws_client is client, callable(kubernetes.stream.portforward),"
        " session.OAuth2Session is requests_oauthlib.OAuth2Session)"
    )
    assert told(program) == "True True True\n"


def test_a_module_can_be_loaded_again(tmp_path: Path) -> None:
    program = (
        "import importlib, late, tally\nlate.word = 'other'\nimportlib.reload(late)\n"
        "first = late\ndel sys.modules['late']\nimport late\n"
        "print(first.word, late.word, late is first, tally.times)"
    )
    assert told_of(tmp_path, "late", program) == "whole whole False [1, 2, 1, 1]\n"


def test_several_threads_get_the_whole_module(tmp_path: Path) -> None:
    program = (
        "import slow, threading, time\nseen = []\n"
        "def ask(): seen.append((tuple(slow.words), slow.last))\n"
        "threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]\n"
        "[(each.start(), time.sleep(0.02)) for each in threads]; [each.join(20) for each in threads]\n"
        "print(len(seen), set(seen))"
    )
    assert told_of(tmp_path, "slow", program) == "8 {(('whole',), 'last')}\n"


def test_two_threads_that_load_two_modules_which_use_each_other_both_get_them(tmp_path: Path) -> None:
    program = (
        "import left, right, threading\nseen = []\n"
        "threads = [threading.Thread(target=lambda m=m: seen.append(m.ask()), daemon=True) for m in (left, right)]\n"
        "[each.start() for each in threads]; [each.join(20) for each in threads]\nprint(sorted(seen))"
    )
    assert told_of(tmp_path, "left right", program) == "['left', 'right']\n"


def test_validate_loads_no_client() -> None:
    program = (
        "import sys\nfrom cutover.cli.main import run\n"
        f"run(['validate', {str(PLAYBOOK)!r}])\n"
        "print(sorted({'kubernetes', 'urllib3', 'deepdiff', 'rich', 'asyncio'} & set(sys.modules)))"
    )
    assert told(program).endswith("\n[]\n")
