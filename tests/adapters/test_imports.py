"""What importing costs: the Kubernetes client is loaded by a connection and by nothing else."""

import subprocess
import sys


def test_only_a_connection_loads_the_kubernetes_client() -> None:
    modules = ("watch", "read", "evidence", "snapshot", "write", "session")
    imports = "; ".join(f"import cutover.adapters.kube.{module}" for module in modules)
    heavy = "sorted({'kubernetes', 'urllib3', 'requests', 'yaml'} & set(sys.modules))"
    command = [sys.executable, "-c", f"import sys; {imports}; print({heavy})"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"
