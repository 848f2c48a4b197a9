"""The tables of a policy, one after the other, and what a person calls each."""

from collections.abc import Iterator

from msgspec import Struct

from skola.promises.policy.schema import Policy


def title(table: str, item: Struct | None, number: int = 0) -> str:
    """A table as a person would find it: ``[[retention]] "calls"``, ``[change]``."""
    if item is None:
        return f"[{table}]" if table else ""
    for key in ("id", "name", "kinds", "purpose", "what"):
        value = getattr(item, key, None)
        if isinstance(value, list) and value:
            value = ", ".join(str(each) for each in value)
        if isinstance(value, str) and value:
            return f'[[{table}]] "{value}"'
    return f"[[{table}]] number {number + 1}"


def tables_of(policy: Policy) -> Iterator[tuple[str, Struct | None, Struct]]:
    """Every table of a policy: its name, the table where there may be several, the table."""
    for name in policy.__struct_fields__:
        value = getattr(policy, name)
        if isinstance(value, Struct):
            yield name, None, value
        elif isinstance(value, list):
            for each in value:
                yield name, each, each
