"""What records, columns, relations and values are called, in the active language.

A column or a record without a word here is told by its own name with spaces. That happens between
the making of a new room and its words, and never hides data.
"""

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.rights.access.rules import Shown

Words = dict[str, "str | Promise"]


def record(name: str) -> str:
    """Return what a record is called: ``Enquiry`` for ``desk.enquiry``."""
    return str(_RECORDS.get(name) or _spoken(name.rpartition(".")[2]))


def column(name: str) -> str:
    """Return what a column is called: ``Received`` for ``received_at``."""
    return str(_COLUMNS.get(name) or _spoken(name.removesuffix("_id")))


def _spoken(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def relation(name: str) -> str:
    """Return what a person is to a record, as a sentence."""
    return {
        "owner": _("The record is about you."),
        "author": _("You wrote it."),
        "counterpart": _("You are the other side of it."),
        "mentioned": _("You are mentioned in it. The rest is about somebody else."),
        "staff": _("You handled it at work. The rest is about somebody else."),
    }[str(name)]


def withheld(how: Shown) -> str:
    """Return why a column is not shown; empty where it is."""
    return {
        Shown.WHOLE: "",
        Shown.IF_YOU: _("A person. Shown where it is you; other people are left out."),
        Shown.MASKED: _("Left out: it tells of another person."),
        Shown.KEPT_BACK: _("Left out: it would open your account for whoever finds this copy."),
    }[how]


def unit(field: "models.Field[Any, Any]") -> str:
    """Return in which unit or time zone a column is; empty where it has none."""
    if isinstance(field, models.DateTimeField):
        return _("A moment in UTC, written as RFC 3339 says.")
    if isinstance(field, models.DateField):
        return _("A day, year-month-day.")
    if field.name.endswith("_cents"):
        return _("Whole cents.")
    if field.name == "seconds":
        return _("Seconds.")
    if field.name == "minutes":
        return _("Minutes.")
    if field.name == "size":
        return _("Bytes.")
    if field.name.endswith("_percent"):
        return _("Percent.")
    return ""


def choices(field: "models.Field[Any, Any]") -> dict[str, str]:
    """Return the words of a column's possible values."""
    return {str(value): str(word) for value, word in field.flatchoices if value not in ("", None)}


_RECORDS: Words = {
    "account.emailaddress": gettext_lazy("Address for signing in"),
    "account.emailconfirmation": gettext_lazy("Confirmation of an address"),
    "audit.entry": gettext_lazy("Entry of the audit"),
    "audit.subjectkey": gettext_lazy("Key to your name in the audit"),
    "billing.contract": gettext_lazy("Contract"),
    "billing.invoice": gettext_lazy("Invoice"),
    "billing.invoiceline": gettext_lazy("Line of an invoice"),
    "billing.payment": gettext_lazy("Payment"),
    "courses.course": gettext_lazy("Course"),
    "courses.enrolment": gettext_lazy("Enrolment in a course"),
    "courses.lesson": gettext_lazy("Lesson"),
    "courses.progress": gettext_lazy("Progress in a lesson"),
    "courses.section": gettext_lazy("Section of a course"),
    "desk.call": gettext_lazy("Call"),
    "desk.calltask": gettext_lazy("Task after a call"),
    "desk.enquiry": gettext_lazy("Enquiry"),
    "desk.message": gettext_lazy("Message of an enquiry"),
    "desk.recording": gettext_lazy("Recording of a call"),
    "diary.absence": gettext_lazy("Absence"),
    "diary.absencenote": gettext_lazy("Absence note"),
    "diary.homeworkdone": gettext_lazy("Homework ticked off"),
    "diary.look": gettext_lazy("Somebody opened your page"),
    "diary.mark": gettext_lazy("Mark"),
    "diary.markchange": gettext_lazy("Change of a mark"),
    "exams.answer": gettext_lazy("Answer in an exam"),
    "exams.attempt": gettext_lazy("Exam"),
    "exams.contest": gettext_lazy("Contest of an exam"),
    "exams.identitycheck": gettext_lazy("Check of who sat an exam"),
    "exams.receipt": gettext_lazy("Receipt for a film that is gone"),
    "exams.recording": gettext_lazy("Film of an exam"),
    "exams.take": gettext_lazy("Part of the film of an exam"),
    "exams.viewing": gettext_lazy("Who looked at the film of an exam"),
    "files.filepart": gettext_lazy("Part of a stored file"),
    "files.objectkey": gettext_lazy("Key of a stored file"),
    "files.storedfile": gettext_lazy("Stored file"),
    "groups.application": gettext_lazy("Application for a training group"),
    "groups.attendance": gettext_lazy("Attendance at a meeting"),
    "groups.cooperation": gettext_lazy("Cooperation contract"),
    "groups.disclosure": gettext_lazy("Disclosure to an external trainer"),
    "groups.participant": gettext_lazy("Seat in a training group"),
    "hiring.application": gettext_lazy("Application for a job"),
    "hiring.document": gettext_lazy("Document of an application"),
    "hiring.evaluation": gettext_lazy("Evaluation of an application"),
    "mfa.authenticator": gettext_lazy("Second factor or passkey"),
    "people.account": gettext_lazy("Account"),
    "people.finding": gettext_lazy("Finding about a registration"),
    "people.guardianship": gettext_lazy("Guardianship"),
    "people.informed": gettext_lazy("Policy that you were shown"),
    "people.mail": gettext_lazy("Mail that waits to be sent"),
    "people.person": gettext_lazy("Who you are"),
    "people.preferences": gettext_lazy("How you want pages to look"),
    "people.profilechange": gettext_lazy("Change of a contact detail"),
    "people.role": gettext_lazy("Role"),
    "people.securityevent": gettext_lazy("Sign-in or change of access"),
    "retention.fact": gettext_lazy("Event from which terms count"),
    "retention.hold": gettext_lazy("Hold on erasure"),
    "retention.statefact": gettext_lazy("State on which terms depend"),
    "rights.export": gettext_lazy("Copy of your data"),
    "school.change": gettext_lazy("Lesson in which you stand in"),
    "school.linkrequest": gettext_lazy("Request for access to a child"),
    "school.pupil": gettext_lazy("Year in a class"),
    "usersessions.usersession": gettext_lazy("Device that is signed in"),
}

_COLUMNS: Words = {
    "accepted_at": gettext_lazy("Accepted"),
    "address": gettext_lazy("Address"),
    "after": gettext_lazy("What it became"),
    "admitted_at": gettext_lazy("Admitted"),
    "agent_id": gettext_lazy("Answered by"),
    "amount_cents": gettext_lazy("Amount"),
    "announced": gettext_lazy("Recording announced"),
    "answer": gettext_lazy("Answer"),
    "answer_by": gettext_lazy("To be answered by"),
    "answered_at": gettext_lazy("Answered"),
    "answers_id": gettext_lazy("Answers the call"),
    "application_id": gettext_lazy("Application"),
    "applied_at": gettext_lazy("Applied"),
    "archived_at": gettext_lazy("Archived"),
    "asked_at": gettext_lazy("Asked for"),
    "asker_id": gettext_lazy("Who asked"),
    "assessment_id": gettext_lazy("What was marked"),
    "assignee_id": gettext_lazy("Handled by"),
    "at": gettext_lazy("When"),
    "audio_id": gettext_lazy("Sound file"),
    "author_id": gettext_lazy("Author"),
    "before": gettext_lazy("What it was before"),
    "birth_on": gettext_lazy("Date of birth"),
    "blocked_for": gettext_lazy("Features closed because"),
    "body": gettext_lazy("Text"),
    "buyer": gettext_lazy("Buyer"),
    "buyer_address": gettext_lazy("Address of the buyer"),
    "by": gettext_lazy("By whom (a pseudonym)"),
    "call_id": gettext_lazy("Call"),
    "callee_role": gettext_lazy("Who was called"),
    "captions_id": gettext_lazy("Captions"),
    "category": gettext_lazy("Kind of data"),
    "channel": gettext_lazy("How it came"),
    "child_birth_on": gettext_lazy("The child's date of birth"),
    "child_id": gettext_lazy("Child"),
    "child_name": gettext_lazy("Name of the child"),
    "clause": gettext_lazy("Clause"),
    "closed_at": gettext_lazy("Closed"),
    "commitment": gettext_lazy("Commitment to the details"),
    "consent_wording": gettext_lazy("Words of the consent"),
    "content_type": gettext_lazy("Type of the file"),
    "contract_closed_at": gettext_lazy("End of the contract"),
    "contract_id": gettext_lazy("Contract"),
    "course_id": gettext_lazy("Course"),
    "course_title": gettext_lazy("Title of the course"),
    "created": gettext_lazy("Made"),
    "created_at": gettext_lazy("Made"),
    "credits_id": gettext_lazy("Credits the invoice"),
    "credits_number": gettext_lazy("Number of the credited invoice"),
    "currency": gettext_lazy("Currency"),
    "data": gettext_lazy("Secret part"),
    "decided_at": gettext_lazy("Decided"),
    "description": gettext_lazy("Description"),
    "detail": gettext_lazy("Details"),
    "device": gettext_lazy("Device"),
    "digest": gettext_lazy("Digest of the policy"),
    "direction": gettext_lazy("Direction"),
    "display": gettext_lazy("Display settings"),
    "done_at": gettext_lazy("Done"),
    "downloads": gettext_lazy("Downloads"),
    "due_on": gettext_lazy("To be paid by"),
    "education": gettext_lazy("Education"),
    "email": gettext_lazy("E-mail"),
    "email_address_id": gettext_lazy("Address"),
    "ended_at": gettext_lazy("Ended"),
    "ending": gettext_lazy("How it ended"),
    "ends_at": gettext_lazy("Ends"),
    "ends_on": gettext_lazy("Ends"),
    "enquiry_id": gettext_lazy("Enquiry"),
    "enrolment_id": gettext_lazy("Enrolment"),
    "event": gettext_lazy("Event"),
    "evaluate_again_on": gettext_lazy("To be evaluated again"),
    "evaluated_on": gettext_lazy("Evaluated"),
    "evidence": gettext_lazy("Evidence"),
    "family_name": gettext_lazy("Family name"),
    "field": gettext_lazy("Which detail"),
    "file_id": gettext_lazy("File"),
    "findings": gettext_lazy("What was looked at"),
    "finished_at": gettext_lazy("Finished"),
    "first_at": gettext_lazy("First time"),
    "first_on": gettext_lazy("First day"),
    "fiscal_year_end": gettext_lazy("End of the financial year"),
    "former_workplaces": gettext_lazy("Former workplaces"),
    "found_at": gettext_lazy("Found"),
    "given_at": gettext_lazy("Given"),
    "given_name": gettext_lazy("Given name"),
    "grown_up_allows_at": gettext_lazy("You let the guardian go on"),
    "guardian_id": gettext_lazy("Guardian"),
    "invoice_id": gettext_lazy("Invoice"),
    "ip": gettext_lazy("Network address"),
    "is_active": gettext_lazy("Sign-in open"),
    "is_open": gettext_lazy("Open"),
    "is_preview": gettext_lazy("Open to everybody"),
    "is_seen": gettext_lazy("Considered by the sweep"),
    "issued_at": gettext_lazy("Issued"),
    "joined_on": gettext_lazy("First day in the class"),
    "key": gettext_lazy("Key"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "last_at": gettext_lazy("Last time"),
    "last_login": gettext_lazy("Last sign-in"),
    "last_message_at": gettext_lazy("Last message"),
    "last_on": gettext_lazy("Last day"),
    "last_seen_at": gettext_lazy("Last seen"),
    "last_used_at": gettext_lazy("Last used"),
    "leaf_index": gettext_lazy("Number in the log"),
    "left_at": gettext_lazy("Left"),
    "left_on": gettext_lazy("Last day in the class"),
    "lesson_id": gettext_lazy("Lesson"),
    "letter": gettext_lazy("Letter"),
    "line_id": gettext_lazy("Telephone line"),
    "mailed_at": gettext_lazy("Mailed"),
    "mark_id": gettext_lazy("Mark"),
    "meeting_id": gettext_lazy("Meeting"),
    "media_id": gettext_lazy("Picture, film or document"),
    "method": gettext_lazy("Way of payment"),
    "minutes": gettext_lazy("Minutes"),
    "name": gettext_lazy("Name"),
    "net_cents": gettext_lazy("Net amount"),
    "network": gettext_lazy("Network"),
    "noted_at": gettext_lazy("Noted"),
    "notice_version": gettext_lazy("Version of the policy"),
    "number": gettext_lazy("Number"),
    "object_id": gettext_lazy("Record"),
    "object_table": gettext_lazy("Kind of record"),
    "offered_at": gettext_lazy("Offered"),
    "on": gettext_lazy("Day"),
    "opened_at": gettext_lazy("Opened"),
    "owner": gettext_lazy("Who answers for it (a pseudonym)"),
    "paid_on": gettext_lazy("Paid"),
    "participant_id": gettext_lazy("Seat in a training group"),
    "partner": gettext_lazy("Partner"),
    "password": gettext_lazy("Password"),
    "person_id": gettext_lazy("Person"),
    "person_ref": gettext_lazy("Person"),
    "phone": gettext_lazy("Phone"),
    "picture_id": gettext_lazy("Picture"),
    "position": gettext_lazy("Position"),
    "powers": gettext_lazy("Powers"),
    "present_workplace": gettext_lazy("Present workplace"),
    "primary": gettext_lazy("Main address"),
    "profile": gettext_lazy("Who asks"),
    "proof": gettext_lazy("Proof"),
    "pseudonym": gettext_lazy("Pseudonym"),
    "published_at": gettext_lazy("Published"),
    "pupil_id": gettext_lazy("Year in a class"),
    "purpose": gettext_lazy("Purpose"),
    "quantity": gettext_lazy("Quantity"),
    "reader_id": gettext_lazy("Who looked"),
    "ready_at": gettext_lazy("Ready"),
    "reason": gettext_lazy("Reason"),
    "received_at": gettext_lazy("Received"),
    "recorded_at": gettext_lazy("Recorded"),
    "recording_deleted_at": gettext_lazy("Recording deleted"),
    "recording_id": gettext_lazy("Recording"),
    "recipient": gettext_lazy("Recipient"),
    "reference": gettext_lazy("Reference"),
    "references": gettext_lazy("References"),
    "released_at": gettext_lazy("Released"),
    "result": gettext_lazy("Result"),
    "result_at": gettext_lazy("Day of the result"),
    "run_id": gettext_lazy("Training group"),
    "salt": gettext_lazy("Random salt"),
    "school_class_id": gettext_lazy("Class"),
    "school_id": gettext_lazy("School"),
    "scope": gettext_lazy("For what kind of thing"),
    "scope_id": gettext_lazy("For which thing"),
    "search_text": gettext_lazy("Text for the search"),
    "seconds": gettext_lazy("Seconds"),
    "section_id": gettext_lazy("Section"),
    "selection_closed_at": gettext_lazy("Selection closed"),
    "selection_latest_at": gettext_lazy("Latest end of the selection"),
    "seller": gettext_lazy("Seller"),
    "seller_address": gettext_lazy("Address of the seller"),
    "seller_number": gettext_lazy("Number of the seller"),
    "sender": gettext_lazy("Sender"),
    "sender_id": gettext_lazy("Who sent it"),
    "sent": gettext_lazy("Sent"),
    "sent_at": gettext_lazy("Sent"),
    "session_key": gettext_lazy("Session key"),
    "sha256": gettext_lazy("Checksum (SHA-256)"),
    "signed_at": gettext_lazy("Signed"),
    "size": gettext_lazy("Size"),
    "slug": gettext_lazy("Name in the address"),
    "source": gettext_lazy("Where it comes from"),
    "stage": gettext_lazy("Stage"),
    "started_at": gettext_lazy("Begun"),
    "starts_at": gettext_lazy("Begins"),
    "starts_on": gettext_lazy("Begins"),
    "state": gettext_lazy("State"),
    "status": gettext_lazy("Status"),
    "stored_as": gettext_lazy("Name in the storage"),
    "subject": gettext_lazy("Subject"),
    "summary": gettext_lazy("Summary"),
    "suspended_because": gettext_lazy("Suspended because"),
    "suspended_words": gettext_lazy("Suspended: explanation"),
    "target": gettext_lazy("Record concerned"),
    "teacher_id": gettext_lazy("Who stands in"),
    "text": gettext_lazy("Text"),
    "times": gettext_lazy("Times"),
    "title": gettext_lazy("Title"),
    "topic": gettext_lazy("Topic"),
    "total_cents": gettext_lazy("Total"),
    "type": gettext_lazy("Type"),
    "unit_cents": gettext_lazy("Price of one"),
    "user_agent": gettext_lazy("Browser"),
    "user_id": gettext_lazy("Account"),
    "vacancy_id": gettext_lazy("Vacancy"),
    "value": gettext_lazy("Mark"),
    "verdict": gettext_lazy("Result of the evaluation"),
    "vat_cents": gettext_lazy("Value added tax"),
    "vat_percent": gettext_lazy("Rate of value added tax"),
    "verified": gettext_lazy("Confirmed"),
    "verified_at": gettext_lazy("Verified"),
    "version": gettext_lazy("Version"),
    "way": gettext_lazy("Which way"),
    "what": gettext_lazy("What"),
    "words": gettext_lazy("In words"),
    "wrapped": gettext_lazy("Wrapped key"),
    "wrapped_by": gettext_lazy("Wrapped by the key"),
}
