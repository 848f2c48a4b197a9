"""The door of ``records``; people come to it from their account."""

__all__: list[str] = []
