"""Checks of the policy against the software: P002, P017, P019, P020, P026, P030."""

from collections.abc import Iterator

from skola.promises.policy import vocabulary
from skola.promises.policy.lints.context import Context
from skola.promises.policy.lints.terms import events
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Purpose, Retention

WITHOUT_EMITTER = frozenset({"always", "record.created"})
"""Known for every record, whether or not a room says so."""

ASSESSED_CAPABILITIES = frozenset({"exams.supervised", "decisions.automated"})


def words_nobody_emits(context: Context) -> Iterator[Problem]:
    """P002: a term counts from events, and a purpose lives by states, that some code tells of."""
    for rule in context.policy.retention:
        for key, word in _words_of(rule):
            yield from _word(context, "retention", rule, key, word)
    for purpose in context.policy.purpose:
        for state in purpose.alive_while:
            yield from _word(context, "purpose", purpose, "alive_while", state)
    for duty in context.policy.duty:
        for capability in duty.by:
            if capability not in vocabulary.CAPABILITIES:
                yield context.found(
                    "P002",
                    Severity.WARN,
                    "duty",
                    duty,
                    "by",
                    f'"{capability}" is no known capability',
                    "`skola policy words` lists them.",
                )


def _words_of(rule: Retention) -> Iterator[tuple[str, str]]:
    if isinstance(rule.keep_while, list):
        yield from (("keep_while", state) for state in rule.keep_while)
    if rule.at_least is not None:
        if rule.at_least.while_:
            yield "at_least.while", rule.at_least.while_
        if rule.at_least.after:
            yield from (("at_least.after", event) for event in events(rule.at_least.after))
    for key, term in (("at_most", rule.at_most), ("backstop", rule.backstop)):
        if term is not None:
            yield from ((f"{key}.after", event) for event in events(term.after))
    if rule.override is not None:
        yield "override.by", rule.override.by


def _word(
    context: Context, table: str, item: Purpose | Retention, key: str, word: str
) -> Iterator[Problem]:
    base = word.partition(":")[0] if word.startswith("consent:") else word
    if base not in vocabulary.EVENTS and base not in vocabulary.STATES:
        message, remedy = f'"{word}" is no known event or state', "`skola policy words` lists them."
    elif (
        context.emitted is not None
        and base not in WITHOUT_EMITTER
        and base not in context.emitted
        and word not in context.emitted
    ):
        message = f'no room of this release tells of "{word}"'
        remedy = "Use another event, or switch on the room that tells of it."
    else:
        return
    yield context.found("P002", Severity.ERROR, table, item, key, message, remedy)


def capabilities_nobody_offers(context: Context) -> Iterator[Problem]:
    """P017: a purpose may enable what no room of this release offers; it then does nothing."""
    if context.offered is None:
        return
    for purpose in context.policy.purpose:
        for capability in purpose.enables:
            if capability not in context.offered:
                yield context.found(
                    "P017",
                    Severity.WARN,
                    "purpose",
                    purpose,
                    "enables",
                    f'no room of this release offers "{capability}"',
                    "It does nothing yet.",
                )


def assessments(context: Context) -> Iterator[Problem]:
    """P019: what endangers people is assessed first (GDPR Art. 35)."""
    for purpose in context.policy.purpose:
        delicate = {"special"}.intersection(purpose.categories)
        delicate |= ASSESSED_CAPABILITIES.intersection(purpose.enables)
        if delicate and not purpose.assessment:
            yield context.found(
                "P019",
                Severity.ERROR,
                "purpose",
                purpose,
                "assessment",
                f"{', '.join(sorted(delicate))} needs a data protection impact assessment",
                'Write its reference, assessment = "…" (GDPR Art. 35).',
            )


def data_nobody_uses(context: Context) -> Iterator[Problem]:
    """P020: data are held for a purpose, and a purpose's data have a term."""
    used = {category for purpose in context.policy.purpose for category in purpose.categories}
    for category in context.policy.category:
        if category.id not in used:
            yield context.found(
                "P020",
                Severity.WARN,
                "category",
                category,
                "id",
                f'no purpose uses the data of "{category.id}"',
                "Name the category in a [[purpose]], or leave it out.",
            )


def undertakings(context: Context) -> Iterator[Problem]:
    """P026: where the staff signs an undertaking, its words stand in the policy."""
    policy = context.policy
    asked = any("staff.undertaking" in one.enables for one in policy.purpose)
    if asked == (policy.undertaking is not None):
        return
    message = "nobody signs it: no purpose enables staff.undertaking"
    remedy = "Enable it in a purpose whose data have the category signature."
    if asked:
        message = "the staff is to sign, and nothing says what"
        remedy = "Write [undertaking] with roles, version and text."
    yield context.found("P026", Severity.ERROR, "undertaking", None, "text", message, remedy)


ROOMS_OF_TABLES = {
    "automated": ("decisions.automated",),
    "dunning": ("billing.invoices",),
    "form_field": ("desk.enquiries",),
    "message": ("newsletters.send",),
    "network": ("social.sign_in", "social.share"),
    "staff": ("staff.practice",),
}
"""Which capabilities read a table: without any of them it says what nobody does."""


def tables_nobody_reads(context: Context) -> Iterator[Problem]:
    """P030: a table about a room stands beside a purpose that opens the room."""
    policy = context.policy
    enabled = {one for purpose in policy.purpose for one in purpose.enables}
    enabled.update(policy.service.capabilities)
    for table, rooms in ROOMS_OF_TABLES.items():
        if getattr(policy, table) and not enabled.intersection(rooms):
            yield context.found(
                "P030",
                Severity.WARN,
                table,
                None,
                "",
                f"nothing comes of it: no purpose enables {' or '.join(rooms)}",
                "Enable it in a [[purpose]], or leave the table out.",
            )
