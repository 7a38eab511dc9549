"""Loading the credentials of a cluster, and setting up TLS and the connections to it."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging import ERROR, Handler, LogRecord, getLogger
from typing import Any, Final

import urllib3
from kubernetes.client import Configuration
from kubernetes.client.rest import RESTClientObject
from kubernetes.config import ConfigException, load_incluster_config
from kubernetes.config.kube_config import KubeConfigLoader
from kubernetes.utils.keepalive import tcp_keepalive_socket_options

from cutover import __version__
from cutover.adapters.kube.http_messages import Pairs
from cutover.adapters.kube.kubeconfig import ChosenContext, InCluster, choose
from cutover.adapters.kube.transport import Access
from cutover.adapters.private_key_files import key_folder
from cutover.core.base.errors import Problem, UnreachableError

CONNECTIONS: Final = 16
"""Connections kept open: five watches, a dozen reads side by side, a write."""

_TOKEN_FILE_SECONDS: Final = 60.0
"""Seconds after which a token file is read again, as in client-go: the kubelet replaces projected tokens in place."""

_MARGIN: Final = 60.0
_NEVER: Final = float("inf")
_TLS_KEYWORDS: Final = ("ca_certs", "ca_cert_data", "cert_file", "key_file", "cert_reqs")


def load(kubeconfig: str, context: str) -> Access:
    """Load access to the cluster that these arguments choose; this runs plugins for credentials.

    Raises:
        UsageError: see `kubeconfig.choose`.
        UnreachableError: there is no server, or the credentials cannot be loaded.
    """
    chosen = choose(kubeconfig, context)
    return _inside(chosen) if isinstance(chosen, InCluster) else _outside(chosen)


def _inside(place: InCluster) -> Access:
    configuration = Configuration()
    try:
        load_incluster_config(client_configuration=configuration)
        pool = _pool(configuration)
    except (ConfigException, OSError) as error:
        raise UnreachableError(Problem(f"the pod's service account cannot be used: {error}")) from error
    headers = _headers(configuration, {})
    return Access("", place.namespace, configuration.host, pool, headers, time.time() + _TOKEN_FILE_SECONDS)


def _outside(chosen: ChosenContext) -> Access:
    configuration = Configuration()
    # The client can hand keys to TLS only as files. They exist only until they are loaded.
    with _plugin_errors() as failures, key_folder() as folder:
        try:
            loader = _loader(chosen, folder)
            loader.load_and_set(configuration)
            pool = _pool(configuration)
        except (ConfigException, OSError, ValueError, LookupError, TypeError) as error:
            raise UnreachableError(_unusable(chosen, _harmless(error))) from error
    if failures and not configuration.api_key and not configuration.cert_file:
        raise UnreachableError(_unusable(chosen, failures[0]))
    headers = _headers(configuration, chosen.user)
    return Access(chosen.context, chosen.namespace, configuration.host, pool, headers, _renew_at(chosen, loader))


def _loader(chosen: ChosenContext, folder: str) -> KubeConfigLoader:
    return KubeConfigLoader(
        config_dict=chosen.merged.config,
        active_context=chosen.context,
        config_base_path=None,  # relative paths are relative to the file they stand in
        config_persister=chosen.merged.save_changes,  # otherwise a refreshed OIDC token would be lost
        temp_file_path=folder,
    )


def _renew_at(chosen: ChosenContext, loader: KubeConfigLoader) -> float:
    """When to load the credentials again: before a plugin's token expires, or when a token file may be replaced."""
    if chosen.user.get("tokenFile") and not chosen.user.get("token"):
        return time.time() + _TOKEN_FILE_SECONDS
    expiry = getattr(loader, "expiry", None)  # the loader has it only if a plugin or provider set it
    return max(expiry.timestamp() - _MARGIN, time.time() + _MARGIN / 2) if expiry else _NEVER


def _headers(configuration: Configuration, user: Mapping[str, Any]) -> Pairs:
    token = configuration.api_key.get("BearerToken", "").strip()  # files end in a newline, which no header may hold
    if not token.isprintable():
        raise UnreachableError(Problem("the token is not one line of text"))
    return (
        ("User-Agent", f"cutover/{__version__}"),
        ("Accept", "application/json, */*"),
        *((("Authorization", token),) if token else ()),
        *_impersonation(user),
    )


def _impersonation(user: Mapping[str, Any]) -> Pairs:
    """`as`, `as-uid`, `as-groups`, `as-user-extra` of a kubeconfig's user; the Python client does not know them."""
    single = (("Impersonate-User", user.get("as")), ("Impersonate-Uid", user.get("as-uid")))
    extra = user.get("as-user-extra") or {}
    return (
        *((name, value) for name, value in single if value),
        *(("Impersonate-Group", group) for group in user.get("as-groups") or ()),
        *((f"Impersonate-Extra-{key}", value) for key, values in extra.items() for value in values),
    )


def _pool(configuration: Configuration) -> urllib3.PoolManager:
    """The client's own connections (proxies included) with one TLS context for all, which is loaded at once."""
    configuration.connection_pool_maxsize = CONNECTIONS
    configuration.socket_options = tcp_keepalive_socket_options(idle=10, interval=5, count=3)
    pool = RESTClientObject(configuration).pool_manager
    if configuration.host.startswith("https"):
        for keyword in _TLS_KEYWORDS:
            pool.connection_pool_kw.pop(keyword, None)
        pool.connection_pool_kw["ssl_context"] = _tls(configuration)
    return pool


def _tls(configuration: Configuration) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=configuration.ssl_ca_cert)
    # This check is on by default since Python 3.13; the CAs of many clusters fail it, and kubectl accepts them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the kubeconfig asks for it by name
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file, password="")
    return context


@contextmanager
def _plugin_errors() -> Iterator[list[str]]:
    """Collect the errors that the client logs: if a plugin fails, it only logs that and goes on without credentials."""
    kept = _Kept()
    root = getLogger()
    root.addHandler(kept)
    try:
        yield kept.messages
    finally:
        root.removeHandler(kept)


class _Kept(Handler):
    """A log handler that keeps the first line of each error."""

    def __init__(self) -> None:
        super().__init__(ERROR)
        self.messages: list[str] = []

    def emit(self, record: LogRecord) -> None:
        self.messages.append(record.getMessage().splitlines()[0][:200])


def _unusable(chosen: ChosenContext, reason: str) -> Problem:
    return Problem(f"the credentials of context {chosen.context!r} cannot be used: {reason}")


def _harmless(error: Exception) -> str:
    """The loader's message if a file is missing, else the error's type: other messages quote kubeconfig entries."""
    missing = str(error).startswith("File does not exist")
    return str(error) if missing else type(error).__name__
