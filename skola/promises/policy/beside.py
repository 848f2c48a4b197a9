"""Which form a short notice stands beside."""

import re
from collections.abc import Iterable

from skola.promises.policy.vocabulary import FORMS_WITH_NOTICE


def names(where: str, form: str) -> bool:
    """Whether the words of ``where`` name a form: every part of the form's name is among them.

    ``sign-up and interest forms`` names two. Words about an employee name the forms of employees
    alone: what an employer told is no news to anybody else.
    """
    spoken = set(re.split(r"[^a-z]+", where.lower().replace("sign_up", "sign up")))
    parts = set(form.lower().split("-"))
    return parts <= spoken and ("employee" in parts or "employee" not in spoken)


def forms_named(where: str) -> Iterable[str]:
    """The forms of this release that the words of ``where`` name."""
    return [form for form in FORMS_WITH_NOTICE if names(where, form)]
