"""What the keys of one table say together.

Each check reads a table as it was parsed, so it must bear missing keys and wrong types: those are
reported elsewhere. It yields key, message and remedy.
"""

from collections.abc import Callable, Iterator, Mapping

from skola.promises.policy import vocabulary

Raw = Mapping[str, object]
Found = Iterator[tuple[str, str, str]]


def _head(raw: Raw) -> Found:
    languages, authentic = raw.get("languages"), raw.get("authentic")
    if isinstance(languages, list) and isinstance(authentic, str) and authentic not in languages:
        yield (
            "authentic",
            f'the binding language "{authentic}" is not among the languages',
            "Name one of [policy] languages.",
        )


_ARTICLES = {
    "consent": "6(1)(a)",
    "contract": "6(1)(b)",
    "legal-obligation": "6(1)(c)",
    "vital-interest": "6(1)(d)",
    "public-task": "6(1)(e)",
    "legitimate-interest": "6(1)(f)",
}
"""The article of the GDPR for each basis."""


def _basis(raw: Raw) -> Found:
    if raw.get("kind") == "legitimate-interest" and not raw.get("interest"):
        yield (
            "interest",
            "a legitimate interest without saying which",
            'Write interest = { en = "…" }.',
        )
    kind, art = raw.get("kind"), raw.get("art")
    for basis, own in _ARTICLES.items():
        if art == own and kind in _ARTICLES and kind != basis:
            right = _ARTICLES[str(kind)]
            yield (
                "art",
                f"{own} is the article of {basis}, not of {kind}",
                f'Write art = "{right}".',
            )
    if raw.get("kind") == "legal-obligation" and not raw.get("law"):
        yield "law", "a legal obligation without saying which law", 'Write law = "…".'
    open_to_objection = raw.get("kind") in ("legitimate-interest", "public-task")
    for key in ("compelling", "marketing"):
        if raw.get(key) and not open_to_objection:
            yield (
                key,
                "nobody can object to a purpose on this basis",
                "Leave it out: objections are to legitimate interests and public tasks.",
            )
    if raw.get("compelling") and raw.get("marketing"):
        yield (
            "compelling",
            "an objection to direct marketing is never weighed (GDPR Art. 21(3))",
            "Leave one of compelling and marketing out.",
        )


def _floor(raw: Raw) -> Found:
    period, after, while_ = raw.get("period"), raw.get("after"), raw.get("while")
    if while_ and (period or after):
        yield "while", "a floor has either period and after, or while", "Leave one of them out."
    elif not while_ and not period:
        yield "period", "a term without a number", 'Write period = "…" and after = "…", or while.'
    elif not while_ and not after and period != "law":
        yield "after", "a term that never begins", 'Write after = "…", the event it counts from.'


def _retention(raw: Raw) -> Found:
    if not any(raw.get(key) for key in ("keep_while", "at_least", "at_most", "backstop")):
        yield (
            "",
            "a retention rule without any term",
            "Write at_most, at_least, keep_while or backstop.",
        )
    keep = raw.get("keep_while")
    if isinstance(keep, str) and keep and keep != "any purpose alive":
        yield "keep_while", f'"{keep}" must stand in a list', f'Write keep_while = ["{keep}"].'
    if raw.get("then") and not keep:
        yield "then", "then without keep_while", "Write keep_while, or use at_most."
    own, exception = raw.get("id"), raw.get("except")
    if isinstance(exception, dict) and exception.get("use") == own and own:
        yield "except.use", "the exception names the rule itself", "Name another retention rule."


def _minors(raw: Raw) -> Found:
    age = raw.get("age")
    if isinstance(age, str) and age != "law":
        yield "age", f'"{age}" is not an age', 'Write a number of years, or "law".'
    if isinstance(age, int) and not isinstance(age, bool) and not 0 <= age <= 21:
        yield "age", f"{age} years is not an age of a minor", 'Write 0 to 21, or "law".'
    until = raw.get("guardians_until")
    if isinstance(until, int) and not 15 <= until <= 21:
        yield "guardians_until", f"{until} years is no age of majority", "Write 15 to 21."


def _output(raw: Raw) -> Found:
    cell = raw.get("min_cell", 0)
    if raw.get("form") == "aggregate" and isinstance(cell, int) and cell < 2:
        yield "min_cell", "an aggregate over one person is no aggregate", "Write min_cell = 5."


def _fee(raw: Raw) -> Found:
    free = raw.get("free")
    if isinstance(free, int) and free < 1:
        yield "free", "the first request is always free (GDPR Art. 12(5))", "Write 1 or more."


def _security(raw: Raw) -> Found:
    check = raw.get("check")
    for name in check.split(",") if isinstance(check, str) else ():
        if name.strip() and name.strip() not in vocabulary.CHECKS:
            known = ", ".join(vocabulary.CHECKS)
            yield "check", f'"{name.strip()}" is no known check', f"Known are: {known}."


CHECKS: Mapping[str, Callable[[Raw], Found]] = {
    "Head": _head,
    "Basis": _basis,
    "Floor": _floor,
    "Retention": _retention,
    "Minors": _minors,
    "Output": _output,
    "Fee": _fee,
    "Security": _security,
}
