"""What is said of a signed file, and what else shows who somebody is."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from skola.promises.policy.api import in_force
from skola.promises.rights.models import RightsRequest, SignedFile
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.rules import Proof


def said_of(one: SignedFile) -> str:
    """Return what became of a file; the same words whether or not anybody is known here."""
    if one.is_matched:
        return _("Your identity is confirmed by the signature of %(name)s.") % {"name": one.signer}
    if one.found == SignedFile.Found.VALID:
        return _(
            "The signature is good, but its signer could not be connected with anybody who is known"
            " here under this address."
        )
    words, not_kept = str(one.get_found_display()), _("It was not kept.")
    return words if one.file_id else f"{words} {not_kept}"


def looked_at(asked: RightsRequest) -> list[tuple[SignedFile, str]]:
    """Return the signed files of a request, the latest first, with what is said of each."""
    found = asked.signed_files.select_related("file").order_by("-checked_at", "-pk")
    return [(one, said_of(one)) for one in found]


def of_receipt(asked: RightsRequest, now: datetime) -> Iterator[str]:
    """What the receipt says of the signed files that came along."""
    found = list(asked.signed_files.order_by("checked_at", "pk"))
    for one in found:
        if one.is_matched:
            yield said_of(one)
        else:
            yield _("Your signed file: %(words)s") % {"words": said_of(one)}
    if found and not any(one.is_matched for one in found):
        yield "\n".join([_("You can also show who you are like this:"), *_listed(now)])


def _listed(now: datetime) -> Iterator[str]:
    return (f"– {each}" for each in other_ways(now))


def other_ways(now: datetime) -> list[str]:
    """Return by what else somebody shows who they are, as the policy names it."""
    policy = in_force(now).policy
    known, office = terms.proofs(policy), terms.officer(policy)
    channels = {one.channel for one in policy.right_process.submit}
    ways = []
    if "account" in channels:
        ways.append(_("Sign in to your account, and ask there."))
    if "in-person" in channels and office.address:
        ways.append(
            _("Come to %(address)s with an identity document.") % {"address": office.address}
        )
    if Proof.CODE in known:
        ways.append(_("Confirm it with the link that we send to the address known here."))
    if Proof.SIGNED_FILE in known:
        ways.append(_("Sign the file again with a qualified electronic signature, and send it."))
    return ways
