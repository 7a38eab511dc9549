"""A real mutating webhook for one namespace: an HTTPS server of the test, where the API server can reach it."""

import base64
import json
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.e2e.arena import Arena

Patch = list[dict[str, Any]]


@contextmanager
def mutating(arena: Arena, patch: Patch, *, word: str = "", in_dry_runs: bool = False) -> Iterator[None]:
    """While this lasts, updates of Rollouts in the arena that mention `word` get `patch`; in dry runs if so wished."""
    certificate, key = _certificate(arena.folder, arena.bed.host)
    server = _server(arena.bed.host, patch, word, in_dry_runs=in_dry_runs)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate, key)
    server.socket = secure.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    arena.apply(_configuration(arena, server.server_port, certificate))
    try:
        yield
    finally:
        arena.kubectl("delete", "mutatingwebhookconfiguration", arena.namespace)
        server.shutdown()
        server.server_close()


def _server(host: str, patch: Patch, word: str, *, in_dry_runs: bool) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["request"]
            response: dict[str, Any] = {"uid": request["uid"], "allowed": True}
            meant = word in json.dumps(request["object"]["spec"])
            if meant and (in_dry_runs or not request.get("dryRun")):
                encoded = base64.b64encode(json.dumps(patch).encode()).decode()
                response |= {"patchType": "JSONPatch", "patch": encoded}
            body = json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    return ThreadingHTTPServer((host, 0), Handler)


def _certificate(folder: Path, host: str) -> tuple[Path, Path]:
    certificate, key = folder / "webhook.crt", folder / "webhook.key"
    names = f"subjectAltName=IP:{host}"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=webhook"]
    subprocess.run([*command, "-addext", names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def _configuration(arena: Arena, port: int, certificate: Path) -> dict[str, Any]:
    rule = {
        "apiGroups": ["argoproj.io"],
        "apiVersions": ["v1alpha1"],
        "operations": ["UPDATE"],
        "resources": ["rollouts"],
        "scope": "Namespaced",
    }
    hook = {
        "name": "test.cutover.dev",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": arena.namespace}},
        "clientConfig": {
            "url": f"https://{arena.bed.host}:{port}/",
            "caBundle": base64.b64encode(certificate.read_bytes()).decode(),
        },
        "rules": [rule],
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": arena.namespace},
        "webhooks": [hook],
    }
