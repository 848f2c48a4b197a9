"""Reports of the demo: what an analyst opens each month, and a list with names for the office."""

from datetime import datetime, timedelta

from skola.promises.reports.api import Form, NotKeptError, Wanted, keep, lets, register

NUMBERS = Form.NUMBERS
HELD = frozenset({"administrator"})
BY = "demo"
PUBLIC = (
    Wanted("Enrolments by course", "planning", NUMBERS, "courses.enrolment", ["course_title"]),
    Wanted("Learning by month", "statistics", NUMBERS, "courses.enrolment", ["started_at"]),
)
"""Their figures are published."""
WANTED = (
    *PUBLIC,
    Wanted(
        "How long a course takes",
        "planning",
        NUMBERS,
        "courses.enrolment",
        ["started_at..finished_at"],
    ),
    Wanted(
        "How long enquiries wait", "planning", NUMBERS, "desk.enquiry", ["received_at..closed_at"]
    ),
    Wanted("Billed by month", "planning", NUMBERS, "billing.invoice", ["issued_at"], "total_cents"),
    Wanted(
        "Courses by month",
        "statistics",
        NUMBERS,
        "courses.enrolment",
        ["course_title", "started_at"],
    ),
    Wanted("Enrolments by month", "site.statistics", NUMBERS, "courses.enrolment", ["started_at"]),
    Wanted("Marks", "contract.statements", NUMBERS, "diary.mark", ["value"]),
    Wanted("Learners and their courses", "training", Form.NAMES, listing="courses.learners"),
    Wanted("Invoices", "settlements.administer", Form.NAMES, listing="billing.invoices"),
)


def populate(now: datetime) -> None:
    """Register what the policy of the speaking tenant lets be read; publish some figures."""
    for place, one in enumerate(WANTED):
        then = now - timedelta(days=20 - place)
        if not lets(one, held=HELD, now=then):
            continue
        made = register(one, held=HELD, by=BY, now=then)
        if one in PUBLIC:
            try:
                keep(made, publicly=True, held=HELD, by=BY, now=now)
            except NotKeptError:
                continue  # there is nothing to publish
