"""Which Rollout a command without a plan is about."""

from cutover.adapters.kube.session import Session, connect
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target


@frozen
class App:
    """What the command line says: the application names its Rollout, and its namespace where none is given."""

    name: str
    namespace: str = ""
    kubeconfig: str = ""
    context: str = ""


def found(app: App) -> tuple[Session, Target]:
    """The cluster and the Rollout that are meant. Nothing is read yet.

    Raises:
        CutoverError: there is no way to that cluster.
    """
    session = connect(app.kubeconfig, app.context)
    return session, Target(app.name, app.namespace or app.name, app.name, session.context)
