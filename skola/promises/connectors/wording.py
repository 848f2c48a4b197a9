"""What the pages of connectors say: tasks, states, what is missing and what helps, what is sent."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from skola.promises.connectors.queries import UNDER_WAY, Connector
from skola.promises.disclosures.api import Standing


def task(word: str) -> str:
    """Return what is done, as a heading."""
    return {
        "hosting": _("Servers"),
        "mail-sending": _("Sending of e-mail"),
        "contact-register": _("Contacts of customers (CRM)"),
        "cloud-office": _("E-mail and files in the cloud"),
        "error-logging": _("Logging of errors"),
        "bug-reporting": _("Reports of problems"),
        "usage-analysis": _("Analysis of use"),
    }[word]


def about(word: str) -> str:
    """Return what its switch does."""
    return {
        "hosting": _(
            "The service runs on its servers. Switch it off when the service runs on servers of"
            " your own: nothing moves, and nobody is told of it any more."
        ),
        "mail-sending": _(
            "Mails leave by its server where one is set up, else by the server of the"
            " installation. Off, they leave by the server of the installation."
        ),
        "contact-register": _(
            "Whoever orders for a company is passed on, field by field, and learns of it under My"
            " privacy. Private customers never are."
        ),
        "cloud-office": _(
            "Files lie there sealed, and their keys stay here. Off, new files lie on the disk of"
            " the service, and those that lie there are fetched home."
        ),
        "error-logging": _(
            "When a page breaks, it is told what broke and where in the software. Not what was"
            " entered, nor who entered it, nor the words of the error."
        ),
        "bug-reporting": _(
            "People describe a problem on a page of its own. What tells of people is taken out,"
            " and they see what is left before they send it."
        ),
        "usage-analysis": _(
            "Each night it is told how often each page was opened the day before, by visitors who"
            " agreed to be counted. Small numbers are left out."
        ),
    }[word]


def sent(words: Iterable[str]) -> str:
    """Return what is sent, in words."""
    said = {
        "address": _("to whom a mail goes"),
        "browser": _("the kind of browser"),
        "day": _("the day"),
        "error": _("the class of the error"),
        "method": _("how the page was asked for"),
        "number": _("the number of the mail"),
        "object": _("a random name of the file"),
        "page": _("the page, without ids and names"),
        "place": _("the place in the software"),
        "release": _("the version of the software"),
        "sealed": _("the sealed file"),
        "sender": _("from whom a mail is"),
        "service": _("the name of the service"),
        "status": _("the number of the answer"),
        "subject": _("the subject"),
        "text": _("the text of the mail"),
        "visits": _("how often a page was opened"),
        "words": _("the description, without people"),
    }
    return ", ".join(said[one] for one in words)


def state(one: Connector) -> tuple[str, str]:
    """Return how it stands: the kind of a status, and its word."""
    if one.holds:
        return "waiting", _("off, and files are fetched home")
    if not one.is_on:
        return ("waiting", _("told by another way")) if one.otherwise else ("neutral", _("off"))
    if one.row is not None and one.row.problem:
        return "broken", _("on, and does not arrive")
    if not one.is_call:
        return "ok", _("in use")
    if one.found is not None and one.found.standing is Standing.ANNOUNCED:
        return "waiting", _("on, and announced")
    return ("ok", _("on")) if one.sends else ("broken", _("on, and stopped"))


def lack(word: str) -> str:
    """Return what is missing, and what helps."""
    return {
        "address": _("No address is set up. Whoever runs the installation sets SKOLA_CONNECTORS."),
        "party": _("Nobody is in the register for it. Enter who it is, by name."),
        "papers": _(
            "Who is in the register cannot receive yet, or no more. Put on file what is missing,"
            " and activate them."
        ),
    }[word]


def remedy(problem: str) -> str:
    """Return what to do about how it failed."""
    return {
        "silent": _(
            "It is tried again by itself. If it stays so, ask them, or look at the address."
        ),
        "busy": _("It is tried again by itself. If it stays so, ask them."),
        "key": _(
            "Whoever runs the installation looks at the key in SKOLA_CONNECTORS, then try again."
        ),
        "refused": _("Whoever runs the installation looks at the address, then try again."),
    }[problem]


def stays(one: Connector) -> bool:
    """Whether the service itself stands on it, so that switching tells what is so."""
    return one.task in UNDER_WAY
