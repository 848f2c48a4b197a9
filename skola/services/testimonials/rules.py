"""Which words a consent is given to."""

from hashlib import sha256


def scope_of(text: str, name: str, title: str, organisation: str) -> str:
    """Return the limits of a consent to publish: these words, with this name beside them."""
    told = "\n".join((text, name, title, organisation))
    return f"text:{sha256(told.encode()).hexdigest()[:40]}"
