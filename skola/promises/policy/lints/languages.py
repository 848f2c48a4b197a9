"""Checks of what people are told in which language: P031."""

from collections.abc import Iterator

from msgspec import Struct

from skola.promises.policy.lints.context import Context
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Text, Transfer
from skola.promises.policy.vocabulary import LANGUAGES
from skola.promises.policy.wording import wording


def told_in_one_language(context: Context) -> Iterator[Problem]:
    """P031: what a page shows stands in every language of the policy.

    A text that is written once is shown as it is to readers of each language; a list of English
    words is left out for all who do not read English.
    """
    if len(context.policy.policy.languages) > 1:
        yield from _written_once(context)
    if context.policy.policy.languages != ["en"]:
        yield from _english_only(context)


def _written_once(context: Context) -> Iterator[Problem]:
    policy = context.policy
    plain: list[tuple[str, Struct | None, str, str | Text]] = [
        *(("purpose", one, "basis.law", one.basis.law) for one in policy.purpose),
        *(
            ("retention", one, "at_least.law", one.at_least.law)
            for one in policy.retention
            if one.at_least
        ),
        *(("processor", one, "contract", one.contract) for one in policy.processor),
        *(("duty", one, "text", one.text) for one in policy.duty),
    ]
    if policy.business_transfer:
        plain.append(("business_transfer", None, "buyer", policy.business_transfer.buyer))
    for table, item, key, text in plain:
        if isinstance(text, str) and _has_words(key, text):
            yield context.found(
                "P031",
                Severity.WARN,
                table,
                item,
                key,
                "the text is written once, and shown so to readers of each language",
                f"Write it in each: {{ {_each(context)} }}.",
            )


def _english_only(context: Context) -> Iterator[Problem]:
    policy = context.policy
    for table in ("category", "recipient", "processor", "transfer"):
        for one in getattr(policy, table):
            if not one.detail and not (isinstance(one, Transfer) and _is_known(one.to)):
                yield context.found(
                    "P031",
                    Severity.WARN,
                    table,
                    one,
                    "detail",
                    "readers of other languages than English are not told what stands here",
                    f"Write detail = {{ {_each(context)} }}.",
                )
    workers = {one.id for one in policy.processor}
    for transfer in policy.transfer:
        if any(isinstance(one, str) and one not in workers for one in transfer.who):
            yield context.found(
                "P031",
                Severity.WARN,
                "transfer",
                transfer,
                "who",
                "readers of other languages than English are not told of all who are abroad",
                f"Name processors, or write the words in each language: {{ {_each(context)} }}.",
            )


def _has_words(key: str, text: str) -> bool:
    """Whether a text is more than a reference, ``art28/north-school/3`` or ``DPA 2026-3``."""
    return text.strip().count(" ") >= (2 if key == "contract" else 1)


def _is_known(place: str) -> bool:
    return all(place in wording(language).lists["places"] for language in LANGUAGES)


def _each(context: Context) -> str:
    return ", ".join(f'{language} = "…"' for language in context.policy.policy.languages)
