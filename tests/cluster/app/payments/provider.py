"""The identity provider: whether its discovery answers, and names the issuer that the application was given."""

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Final

from . import aside, codes
from .codes import DependencyError

DISCOVERY: Final = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4
# No proxy, whatever the environment says: the provider is asked as it will be used.
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Question:
    """One question to a provider, under way since it was made: the database is asked meanwhile."""

    def __init__(self, issuer: str, within: float) -> None:
        self._issuer, self._end = issuer, time.monotonic() + within
        self._answer = aside.begin(lambda: _named(issuer, within))

    def code(self) -> str:
        """What came of it."""
        try:
            named = self._answer.result(max(0.0, self._end - time.monotonic()))
        except TimeoutError:
            return codes.TIMEOUT
        except DependencyError as error:
            return error.code
        return codes.OK if named == self._issuer else codes.WRONG_ISSUER


def _named(issuer: str, within: float) -> str:
    """The issuer by its own word."""
    try:
        with _OPENER.open(issuer.rstrip("/") + DISCOVERY, timeout=within) as answer:
            return str(json.load(answer)["issuer"])
    except urllib.error.HTTPError as error:
        raise DependencyError(codes.of_status(error.code)) from None
    except urllib.error.URLError as error:
        raise DependencyError(codes.of_reason(error.reason)) from None
    except OSError as error:
        raise DependencyError(codes.of_reason(error)) from None
    except (ValueError, LookupError, TypeError, http.client.HTTPException):  # no URL, or no discovery document
        raise DependencyError(codes.ERROR) from None
