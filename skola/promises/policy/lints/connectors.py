"""Checks of what a connector sends: P028."""

from collections import Counter
from collections.abc import Iterator

from skola.promises.policy.connectors import CONNECTORS
from skola.promises.policy.lints.context import Context
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Processor

CONTACTS = "contact-register"
"""The one whose data are columns, listed in ``fields``."""
WHOLE = {
    "mail-sending": ("address", "sender", "subject", "text"),
    "cloud-office": ("object", "sealed"),
    "bug-reporting": ("words",),
    "error-logging": ("error", "place"),
    "usage-analysis": ("day", "page", "visits"),
}
"""Without these a connector sends nothing that anybody could use."""
OF = {
    "mail-sending": "contact",
    "bug-reporting": "enquiry",
    "error-logging": "usage",
    "usage-analysis": "usage",
}
"""The category of what is sent."""


def connectors(context: Context) -> Iterator[Problem]:
    """P028: a connector sends what its task needs, of a category that the processor may have."""
    policy = context.policy
    times = Counter(one.task for one in policy.processor if one.task in CONNECTORS)
    for recipient in policy.recipient:
        if recipient.task in CONNECTORS:
            yield context.found(
                "P028",
                Severity.ERROR,
                "recipient",
                recipient,
                "task",
                f'"{recipient.task}" is work for the controller, and this is a recipient',
                "Write it as a [[processor]].",
            )
    for one in policy.processor:
        for key, message, remedy in _wrong(one):
            yield context.found("P028", Severity.ERROR, "processor", one, key, message, remedy)
        if times[one.task] > 1:
            yield context.found(
                "P028",
                Severity.ERROR,
                "processor",
                one,
                "task",
                f'there are {times[one.task]} of the task "{one.task}", and one connector',
                "Mark the one that the connector speaks to.",
            )


def _wrong(one: Processor) -> Iterator[tuple[str, str, str]]:
    can = CONNECTORS.get(one.task)
    if can is None:
        if one.sends:
            yield "sends", "no connector sends this", f"Name a task: {', '.join(CONNECTORS)}."
        return
    for word in one.sends:
        if word not in can:
            known = ", ".join(can) or "nothing"
            yield "sends", f'"{word}" is not sent by "{one.task}"', f"It can send {known}."
    if lacking := [word for word in WHOLE.get(one.task, ()) if word not in one.sends]:
        yield "sends", f"without {', '.join(lacking)} it has nothing to do", "Add it to sends."
    if one.task == CONTACTS and not one.fields:
        yield "fields", "a register of contacts that is told nothing", "List the fields."
    category = OF.get(one.task)
    if category and one.categories and category not in one.categories:
        message = f"what it sends is of the category {category}, which they may not have"
        yield "categories", message, f'Add "{category}".'
