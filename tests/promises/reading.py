"""What the tests of reports do: ask for one as the form of the page does, and read it."""

import csv
import io

from django.test import Client
from django.urls import reverse

from skola.ground.audit.api import Entry
from skola.promises.reports.models import Report

NEW = "/office/reports/new/"


def ask(who: Client, purpose: str, model: str, **more: object) -> int:
    """Ask for a report as the form of the page does; return the answer's status."""
    told: dict[str, object] = {"title": "A report", "purpose": purpose, "model": model}
    return who.post(NEW, {**told, "form": "numbers", **more}).status_code


def latest() -> Report:
    return Report.objects.latest("created_at", "pk")


def sheet(who: Client, report: Report) -> list[list[str]]:
    """The lines of a report's file."""
    if report.form == "numbers":
        answer = who.get(reverse("reports:sheet", args=[report.pk]))
    else:
        answer = who.post(reverse("reports:readings", args=[report.pk]), {"as": "sheet"})
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def refusals() -> list[tuple[str, str, str]]:
    """The refusals of the audit: purpose, what, why."""
    found = Entry.objects.filter(kind="reports.report.refused").order_by("at", "pk")
    return [(one.detail["purpose"], one.detail["model"], one.detail["why"]) for one in found]
