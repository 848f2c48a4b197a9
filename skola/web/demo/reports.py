"""Reports of the demo: what an analyst opens each month, and a list with names for the office."""

from datetime import datetime, timedelta

from skola.promises.policy.api import in_force
from skola.promises.reports.api import Form, Wanted, register

NUMBERS = Form.NUMBERS
WANTED = (
    Wanted("Enrolments by course", "planning", NUMBERS, "courses.enrolment", ["course_title"]),
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
    """Register those whose purpose the policy of the speaking tenant has."""
    held = frozenset({"administrator"})
    known = {one.id for one in in_force(now).policy.purpose}
    for place, one in enumerate(WANTED):
        if one.purpose in known:
            register(one, held=held, by="demo", now=now - timedelta(days=20 - place))
