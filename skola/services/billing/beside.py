"""What other rooms put beside the contracts of somebody's account: a tab of their own."""

from collections.abc import Callable
from datetime import datetime

Tab = tuple[str, str]
"""Its word and its address."""
_TABS: list[Callable[[datetime], Tab | None]] = []


def beside(tab: Callable[[datetime], Tab | None]) -> None:
    """Let a room stand beside the contracts; its function returns None where the room is not."""
    _TABS.append(tab)


def tabs(now: datetime) -> list[Tab]:
    """Return what stands beside the contracts for the speaking tenant."""
    return [found for tab in _TABS if (found := tab(now))]
