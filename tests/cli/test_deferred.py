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


def test_the_kubernetes_client_and_deepdiff_leave_them_unloaded() -> None:
    late = ("asyncio.locks", "requests", "websocket", "oauthlib.oauth1", "kubernetes.client.models")
    imports = "import sys, kubernetes.config.kube_config, deepdiff"
    assert told(f"{imports}; print(sorted({set(late)} & set(sys.modules)))") == "[]\n"


@pytest.mark.parametrize("name", DEFERRED)
def test_each_is_there_to_be_deferred(name: str) -> None:
    """A name that no longer exists would be a line without effect."""
    assert told(f"import {name}, sys; print({name!r} in sys.modules)") == "True\n"


@pytest.mark.parametrize(
    ("name", "what"), [("asyncio", "run"), ("kubernetes.watch", "Watch"), ("oauthlib.oauth2", "Client")]
)
def test_who_uses_one_gets_the_real_one(name: str, what: str) -> None:
    assert told(f"import {name}; print({name}.{what}.__name__)") == f"{what}\n"


def test_a_class_that_is_imported_by_name_is_loaded_when_called() -> None:
    program = (
        "import sys\nfrom requests_oauthlib import OAuth2Session\nprint('requests' in sys.modules)\n"
        "print(type(OAuth2Session(client_id='payments')).__name__, 'requests' in sys.modules)"
    )
    assert told(program) == "False\nOAuth2Session True\n"


def test_what_a_module_does_not_have_is_missed_as_ever() -> None:
    program = "import asyncio\ntry:\n asyncio.nothing\nexcept AttributeError as error:\n print(error)"
    assert told(program) == "module 'asyncio' has no attribute 'nothing'\n"


def test_several_threads_get_a_whole_module() -> None:
    program = (
        "import kubernetes.watch as late, threading\nseen = []\n"
        "threads = [threading.Thread(target=lambda: seen.append(late.Watch)) for _ in range(8)]\n"
        "[each.start() for each in threads]; [each.join() for each in threads]\nprint(len(seen), len(set(seen)))"
    )
    assert told(program) == "8 1\n"


def test_validate_loads_no_client() -> None:
    program = (
        "import sys\nfrom cutover.cli.main import run\n"
        f"run(['validate', {str(PLAYBOOK)!r}])\n"
        "print(sorted({'kubernetes', 'urllib3', 'deepdiff', 'rich', 'asyncio'} & set(sys.modules)))"
    )
    assert told(program).endswith("\n[]\n")


def test_a_plan_is_read_on_another_core_while_the_client_is_loaded() -> None:
    program = (
        "import os, sys\nos.cpu_count = lambda: 2\nfrom cutover.cli.main import run\n"
        f"run(['diff', {str(PLAYBOOK)!r}, '--kubeconfig', 'nowhere'])\n"
        "print(sorted({'kubernetes', 'pydantic'} & set(sys.modules)))"
    )
    assert told(program) == "['kubernetes']\n"
