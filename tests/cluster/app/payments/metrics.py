"""Counters of user requests in Prometheus text. Probes do not count: a success rate is about users."""

import threading
from collections import Counter

# Born at 0: a ratio over a code that never happened must be 0, not an empty vector.
CODES = (200, 401, 500, 503)


class Metrics:
    """Requests by status code, labelled with the pod-template hash that served them."""

    def __init__(self, pod_hash: str, namespace: str) -> None:
        self._labels = f'app="payments",namespace="{namespace}",hash="{pod_hash}"'
        self._requests = Counter(dict.fromkeys(CODES, 0))
        self._seconds = 0.0
        self._lock = threading.Lock()

    def count(self, code: int, seconds: float) -> None:
        with self._lock:
            self._requests[code] += 1
            self._seconds += seconds

    def text(self) -> str:
        with self._lock:
            requests, seconds = dict(self._requests), self._seconds
        lines = [
            "# TYPE http_requests_total counter",
            *(f'http_requests_total{{{self._labels},code="{code}"}} {n}' for code, n in requests.items()),
            "# TYPE http_request_duration_seconds summary",
            f"http_request_duration_seconds_sum{{{self._labels}}} {seconds:.6f}",
            f"http_request_duration_seconds_count{{{self._labels}}} {sum(requests.values())}",
        ]
        return "\n".join(lines) + "\n"
