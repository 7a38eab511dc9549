"""The few requests that the bed itself makes. The official client alone takes half a second to import."""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.cluster.errors import BedError

# No proxy, whatever the environment says: nothing meant for the bed may leave the machine.
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class BedApi:
    """An API server and a token for it."""

    server: str
    authority: Path
    token: str

    @classmethod
    def of(cls, kubeconfig: Path) -> "BedApi":
        """The API server that a kubeconfig of the bed names."""
        config = json.loads(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        return cls(cluster["server"], Path(cluster["certificate-authority"]), user["token"])

    def get(self, path: str) -> Any:
        """One document."""
        with self.open(path) as response:
            return json.load(response)

    def get_or_none(self, path: str) -> Any | None:
        """One document, or nothing when it is not there or nobody answers."""
        try:
            return self.get(path)
        except (OSError, http.client.HTTPException):
            return None

    def ready(self) -> bool:
        """The API server says so itself."""
        try:
            with self.open("/readyz", seconds=2) as response:
                return bool(response.read() == b"ok")
        except (OSError, http.client.HTTPException):
            return False

    def apply(self, path: str, manifest: bytes) -> None:
        """Server-side apply of a YAML document."""
        try:
            with self.open(
                f"{path}?fieldManager=cutover-test&force=true",
                body=manifest,
                method="PATCH",
                content_type="application/apply-patch+yaml",
            ):
                pass
        except urllib.error.HTTPError as error:
            raise BedError(f"{path}: {error}: {error.read().decode()[:500]}") from error

    def open(
        self,
        path: str,
        *,
        body: bytes | None = None,
        method: str = "GET",
        content_type: str = "application/json",
        seconds: float = 30,
    ) -> http.client.HTTPResponse:
        """The response, to be read piece by piece where it is a stream."""
        request = urllib.request.Request(f"{self.server}{path}", data=body, method=method)  # noqa: S310 -- always https
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", content_type)
        response: http.client.HTTPResponse = _opener(self.authority.read_text()).open(request, timeout=seconds)
        return response


@cache
def _opener(certificate: str) -> urllib.request.OpenerDirector:
    """Made once per certificate (each `up` makes a new one): to make it takes longer than a request."""
    secure = urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=certificate))
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), secure)
