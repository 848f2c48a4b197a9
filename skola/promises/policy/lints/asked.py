"""Checks of what is asked and what for, and from where data are: P023, P024, P025, P029."""

from collections.abc import Iterator

from skola.promises.policy.beside import forms_named
from skola.promises.policy.lints.context import Context
from skola.promises.policy.lints.terms import ends_of
from skola.promises.policy.periods import compare, parse
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.vocabulary import FORMS_WITH_NOTICE

ONE_MONTH = "1 month"
"""GDPR Art. 14(3)(a): the longest after which somebody is told from where their data are."""
CATEGORY_OF_FORM = {"enquiry": "enquiry"}
"""Which data the answers on a form are."""


def headings(context: Context) -> Iterator[Problem]:
    """P023: a heading is no purpose. Data and rooms belong to a concrete one (kic-aim)."""
    purposes = {one.id for one in context.policy.purpose}
    for heading in context.policy.heading:
        for key, attached in (("categories", heading.categories), ("enables", heading.enables)):
            for one in attached:
                yield context.found(
                    "P023",
                    Severity.ERROR,
                    "heading",
                    heading,
                    key,
                    f'"{one}" is attached to the heading itself, which is no purpose',
                    "Name it in a concrete [[purpose]], one of those below the heading.",
                )
        if heading.id in purposes:
            yield context.found(
                "P023",
                Severity.ERROR,
                "heading",
                heading,
                "id",
                f'"{heading.id}" is a purpose, too',
                "Give the heading a name of its own.",
            )


def fields_of_forms(context: Context) -> Iterator[Problem]:
    """P024: a field is asked for a purpose that uses such data, and its answer ends."""
    purposes = {one.id: one for one in context.policy.purpose}
    for field in context.policy.form_field:
        category = CATEGORY_OF_FORM[field.where]
        if category not in purposes[field.purpose].categories:
            yield context.found(
                "P024",
                Severity.ERROR,
                "form_field",
                field,
                "purpose",
                f'the purpose "{field.purpose}" does not use the data of "{category}"',
                "Name a purpose that does, or add the category to it.",
            )
        if not ends_of(context.policy, category):
            yield context.found(
                "P024",
                Severity.ERROR,
                "form_field",
                field,
                "where",
                f'nothing ends the data of "{category}"',
                "Write a [[retention]] for them.",
            )


def found_in_public(context: Context) -> Iterator[Problem]:
    """P025: whoever is found in a public source is told so within a month (GDPR Art. 14(3))."""
    policy = context.policy
    used = any("companies.register" in one.enables for one in policy.purpose)
    rule = policy.origins
    if not used:
        return
    if rule is None or "public" not in rule.kinds or not rule.inform_within:
        yield context.found(
            "P025",
            Severity.ERROR,
            "origins",
            None,
            "inform_within",
            "people are found in public sources, and nothing says by when they are told",
            'Write "public" in kinds of [origins], and inform_within = "1 month" or less.',
        )
    elif compare(parse(rule.inform_within), parse(ONE_MONTH)) not in (-1, 0):
        yield context.found(
            "P025",
            Severity.ERROR,
            "origins",
            None,
            "inform_within",
            f"{rule.inform_within} is longer than the month of GDPR Art. 14(3)",
            'Write "1 month" or less.',
        )


def notices_nobody_shows(context: Context) -> Iterator[Problem]:
    """P029: a short notice names a form of this release; beside no form nobody reads it."""
    for notice in context.policy.notice_at_collection:
        if notice.text and not forms_named(notice.where):
            yield context.found(
                "P029",
                Severity.WARN,
                "notice_at_collection",
                notice,
                "where",
                f'"{notice.where}" names no form of this release, so the notice stands nowhere',
                f"Name one of {', '.join(FORMS_WITH_NOTICE)}.",
            )
