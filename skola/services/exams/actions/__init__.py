"""Everything that changes something in exams, one function each."""

__all__ = ["RefusedError"]


class RefusedError(Exception):
    """What cannot be done now. The message, in the reader's language, says why and what now."""
