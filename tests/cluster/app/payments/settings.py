"""What the container was given: read once at the start, from the environment only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


class UnusableError(Exception):
    """The application cannot start with what it was given."""


@dataclass(frozen=True)
class Settings:
    """The environment of one container."""

    database_url: str = field(repr=False)
    expected_identity: str
    issuer: str
    listen: tuple[str, int]
    drain_seconds: float
    pod: str
    pod_hash: str
    namespace: str
    feature: str
    password: str = field(repr=False)
    fault: str
    fault_when: str


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings; UnusableError when the application cannot work at all."""
    if not environ.get("DATABASE_URL"):
        raise UnusableError("DATABASE_URL is not set")
    return Settings(
        database_url=environ["DATABASE_URL"],
        expected_identity=environ.get("EXPECTED_IDENTITY", ""),
        issuer=environ.get("OIDC_ISSUER", ""),
        listen=_address(environ.get("LISTEN", "0.0.0.0:8080")),  # a pod serves on its own address
        drain_seconds=float(environ.get("DRAIN_SECONDS", "4")),
        pod=environ.get("POD_NAME", ""),
        pod_hash=environ.get("POD_HASH", ""),
        namespace=environ.get("POD_NAMESPACE", ""),
        feature=environ.get("FEATURE_X", ""),
        password=environ.get("PASSWORD", ""),
        fault=environ.get("FAULT", ""),
        fault_when=environ.get("FAULT_WHEN_IDENTITY", ""),
    )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)
