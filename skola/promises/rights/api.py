"""The door of ``rights``."""

from skola.promises.rights.erasing.actions import NobodyError, erase_person, preview
from skola.promises.rights.erasing.freeze import GrantedError, is_granted, withdraw_erasure
from skola.promises.rights.erasing.right import ErasureRight, erasure_right
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.plan import Link, Relation, Step, plan, step_of, where
from skola.promises.rights.requests.actions import Asked, Asker, receive_by_link, receive_request
from skola.promises.rights.requests.forms import GuestForm
from skola.promises.rights.requests.queries import of as requests_of
from skola.promises.rights.requests.queries import of_enquiry, overview
from skola.promises.rights.requests.terms import offered, replies

__all__ = [
    "Asked",
    "Asker",
    "ErasureRight",
    "GrantedError",
    "GuestForm",
    "Link",
    "NobodyError",
    "Relation",
    "RightsRequest",
    "Step",
    "erase_person",
    "erasure_right",
    "is_granted",
    "of_enquiry",
    "offered",
    "overview",
    "plan",
    "preview",
    "receive_by_link",
    "receive_request",
    "replies",
    "requests_of",
    "step_of",
    "where",
    "withdraw_erasure",
]
