"""Checks of who else: P006, P010, P011, P022."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from skola.promises.policy.lints.context import Context
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Authority, Contact, Processor, Recipient, in_language
from skola.promises.policy.vocabulary import IDENTIFYING

_MASKED = re.compile(r"[*•…\s\[\]()]|protected|example\.com$|x{3,}@", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_INSIDE = re.compile(
    "EEA|AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK"
)
"""The European Economic Area, and its countries by their codes."""
_BLANK = frozenset({"", "-", "?", "none", "unknown", "not known", "tbd", "n/a", "no"})


def transfer_by_consent(context: Context) -> Iterator[Problem]:
    """P006: data leave the EEA on a safeguard of the law, not on consent by use."""
    for transfer in context.policy.transfer:
        if not transfer.safeguard:
            yield context.found(
                "P006",
                Severity.ERROR,
                "transfer",
                transfer,
                "safeguard",
                "data leave the European Economic Area without a safeguard",
                'Name one: "adequacy", "scc", "bcr" or "art49-explicit-consent".',
            )
        if transfer.claimed:
            yield context.found(
                "P006",
                Severity.LAW,
                "transfer",
                transfer,
                "claimed",
                f"the source justifies the transfer otherwise ({transfer.claimed.rstrip('.')})",
                "The platform transfers on the safeguard only.",
            )

    named = {
        one for transfer in context.policy.transfer for one in transfer.who if isinstance(one, str)
    }
    for processor in context.policy.processor:
        if outside(processor.location) and not processor.safeguard and processor.id not in named:
            yield context.found(
                "P006",
                Severity.ERROR,
                "processor",
                processor,
                "safeguard",
                f"{processor.location} is outside the European Economic Area, and nothing says what"
                " protects the data there",
                'Write safeguard = "scc" (or "adequacy", "bcr", "art49-explicit-consent"), or name'
                " it in who of a [[transfer]].",
            )


def outside(location: str) -> bool:
    """Whether data at this place have left the European Economic Area, as far as it says."""
    place = location.strip()
    return bool(place) and not _INSIDE.fullmatch(place)


def contacts(context: Context) -> Iterator[Problem]:
    """P010: people can reach those who keep their data, and those who watch over it."""
    own = [each for each in context.policy.contact if each.kind == "data-protection"]
    if not own:
        yield context.found(
            "P010",
            Severity.ERROR,
            "contact",
            None,
            "",
            "nobody is named for questions about personal data",
            'Write a [[contact]] with kind = "data-protection".',
        )
    for contact in context.policy.contact:
        yield from _reachable(context, contact)
    legal = [each for overlay in context.overlays for each in overlay.authority]
    for authority in context.policy.authority:
        known = [each.website for each in legal]
        if authority.website and known and _host(authority.website) not in map(_host, known):
            yield _outdated(context, authority, "website", authority.website, ", ".join(known))


def _reachable(context: Context, contact: Contact) -> Iterator[Problem]:
    official = contact.kind == "data-protection"
    severity = Severity.ERROR if official else Severity.WARN
    missing = [key for key in ("email", "address", "phone") if not getattr(contact, key).strip()]
    if official and "email" in missing:
        yield context.found(
            "P010",
            severity,
            "contact",
            contact,
            "email",
            "the contact for data protection has no e-mail address",
            "Write it; requests arrive there.",
        )
    elif len(missing) == 3:
        yield context.found(
            "P010",
            severity,
            "contact",
            contact,
            "",
            "the contact has no e-mail address, postal address or phone",
            "Write at least one.",
        )
    elif official and {"address", "phone"} <= set(missing):
        yield context.found(
            "P010",
            severity,
            "contact",
            contact,
            "address",
            "the contact for data protection can be reached by e-mail only",
            "Write a postal address or a phone number as well.",
        )
    mail = contact.email.strip()
    if mail and (_MASKED.search(mail) or not _ADDRESS.fullmatch(mail)):
        yield context.found(
            "P010",
            severity,
            "contact",
            contact,
            "email",
            f'"{mail}" is masked or not an e-mail address',
            "Write the address in full.",
        )


def _outdated(context: Context, authority: Authority, key: str, own: str, known: str) -> Problem:
    return context.found(
        "P010",
        Severity.WARN,
        "authority",
        authority,
        key,
        f"{own} is not what the law's file knows ({known})",
        "Look whether the authority has moved.",
    )


def _host(address: str) -> str:
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    return host.removeprefix("www.")


def agreements(context: Context) -> Iterator[Problem]:
    """P011: who works for the controller has an agreement; who receives data has a reason."""
    for processor in context.policy.processor:
        written = in_language(processor.contract, context.policy.policy.authentic)
        if written.strip().lower() in _BLANK:
            yield context.found(
                "P011",
                Severity.ERROR,
                "processor",
                processor,
                "contract",
                "there is no agreement after GDPR Art. 28",
                "Write its reference.",
            )
        if processor.task == "push-notices" and not processor.hosts:
            yield context.found(
                "P011",
                Severity.ERROR,
                "processor",
                processor,
                "hosts",
                "a browser says itself where it is reached, and no host is allowed",
                "Name the hosts on which it takes notices.",
            )
        if not processor.location.strip():
            yield context.found(
                "P011",
                Severity.ERROR,
                "processor",
                processor,
                "location",
                "nobody knows where the data are",
                "Write the country.",
            )
    for recipient in context.policy.recipient:
        for key, value in (("for", recipient.for_), ("basis", recipient.basis)):
            if value.strip().lower() in _BLANK:
                yield context.found(
                    "P011",
                    Severity.ERROR,
                    "recipient",
                    recipient,
                    key,
                    f"a recipient without {'purpose' if key == 'for' else 'basis'}",
                    f'Write {key} = "…".',
                )
    yield from _networks(context)


def _networks(context: Context) -> Iterator[Problem]:
    known = {one.id for one in context.policy.processor}
    for network in context.policy.network:
        if network.processor not in known:
            yield context.found(
                "P011",
                Severity.ERROR,
                "network",
                network,
                "processor",
                f'no processor is called "{network.processor}"',
                "Name the [[processor]] that stands for it.",
            )


def fields_passed_on(context: Context) -> Iterator[Problem]:
    """P022: what is passed on is a known field, of a category that the recipient may have."""
    for table in ("recipient", "processor"):
        for one in getattr(context.policy, table):
            for name in one.fields if context.fields is not None else ():
                yield from _field(context, table, one, name)


def _field(
    context: Context, table: str, one: Recipient | Processor, name: str
) -> Iterator[Problem]:
    assert context.fields is not None
    category = context.fields.get(name)
    if category is None:
        message, remedy = f'"{name}" is no personal field of this release', "Leave it out."
    elif one.categories and category not in one.categories:
        message = f'"{name}" is of the category {category}, which they may not have'
        remedy = "Name the category in categories, or leave the field out."
    elif one.form == "pseudonymous" and category in IDENTIFYING and not _may_name(one):
        message = f'"{name}" ({category}) tells who it is, and the set is pseudonymous'
        remedy = "Leave the field out."
    else:
        return
    yield context.found("P022", Severity.ERROR, table, one, "fields", message, remedy)


def _may_name(one: Recipient | Processor) -> bool:
    return isinstance(one, Recipient) and bool(one.named_papers)
