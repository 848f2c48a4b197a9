"""What counts as a signature, in plain Python."""


def is_signature(typed: str, name: str) -> bool:
    """Whether somebody typed their own full name; capitals and spaces do not matter."""
    return bool(name.strip()) and _plain(typed) == _plain(name)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
