"""What urllib3's errors mean: whether the request had left, and one sentence about it."""

import ssl
from typing import Final

from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ProxyError, SSLError
from urllib3.exceptions import TimeoutError as WireTimeoutError

from cutover.adapters.kube.errors import Sent

CONNECT_TIMEOUT: Final = 5.0
"""Seconds for each step of TCP and TLS; a server that is there answers within a fraction of one."""


def was_sent(error: Exception) -> Sent:
    """What is known of a request that got no answer; TLS proves the certificate before the request leaves."""
    untrusted = isinstance(error, SSLError) and isinstance(_root(error), ssl.SSLCertVerificationError)
    before = untrusted or isinstance(error, (ConnectTimeoutError, ProxyError))
    return Sent.NO if before else Sent.UNKNOWN


_SENTENCES: Final[tuple[tuple[tuple[type[Exception], ...], str], ...]] = (
    ((NameResolutionError,), "the server's name cannot be resolved"),
    ((NewConnectionError,), "no connection: {system}"),
    ((ConnectTimeoutError,), f"no connection within {CONNECT_TIMEOUT:.0f} s"),
    ((ProxyError,), "no connection through the proxy: {system}"),
    ((SSLError,), "TLS failed: {system}"),
    ((WireTimeoutError, TimeoutError), "no answer in time"),
    ((Exception,), "the connection broke: {system}"),
)


def sentence(error: Exception) -> str:
    """What happened, in one sentence that stays the same as long as the trouble does."""
    words = next(words for kinds, words in _SENTENCES if isinstance(error, kinds))
    return words.format(system=_system(_root(error)))


def _root(error: BaseException) -> BaseException:
    """The error at the bottom: urllib3 wraps the system's, sometimes as an argument, sometimes as a cause."""
    inner = next((part for part in error.args if isinstance(part, BaseException)), error.__cause__)
    return _root(inner) if inner and inner is not error else error


def _system(error: BaseException) -> str:
    """The system's own words, without addresses: one outage keeps one sentence."""
    known = error.strerror if isinstance(error, OSError) else ""
    return known or type(error).__name__
