"""What a test needs to compare sentences that quote the cluster."""

from cutover.core.base.cluster_text import ClusterText, Words


def unmasked(words: Words | ClusterText) -> str:
    """The sentence with what it quotes, as the cluster said it."""
    if isinstance(words, ClusterText):
        return words.unmasked()
    return words if isinstance(words, str) else "".join(map(unmasked, words.parts))
