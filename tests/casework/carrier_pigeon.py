"""Another sender of SMS, as a shop would write one where AWS has none."""

SENT: list[tuple[str, str, str]] = []


def send(to: str, text: str, complaint_id: str) -> str:
    """Sends it, and gives an id of it."""
    SENT.append((to, text, complaint_id))
    return f"pigeon-{len(SENT)}"
