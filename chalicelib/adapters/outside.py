"""Where others are called."""

from chalicelib.domain.ground.text import Wrong


def resolve(url: str) -> None:
    """Raises Wrong for what may not be called."""
    if not url.startswith("https://"):
        raise Wrong("wrong_form")
