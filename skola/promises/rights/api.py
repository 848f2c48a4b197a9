"""The door of ``rights``."""

from skola.promises.rights.access.along import profile_of, take_along
from skola.promises.rights.access.archive import FORMAT as COPY_FORMAT
from skola.promises.rights.access.archive import PROFILE
from skola.promises.rights.access.told import right_of
from skola.promises.rights.access.words import choices as choice_words
from skola.promises.rights.access.words import column as column_word
from skola.promises.rights.access.words import record as record_word
from skola.promises.rights.claims.queries import to_review as claims_to_review
from skola.promises.rights.claims.rules import categories as claim_categories
from skola.promises.rights.consequences import DEMANDS, Consequence, consequences, tells
from skola.promises.rights.erasing.actions import NobodyError, erase_person, preview
from skola.promises.rights.erasing.freeze import GrantedError, is_granted, withdraw_erasure
from skola.promises.rights.erasing.right import ErasureRight, erasure_right
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.mailing.guessing import speaks_of_data
from skola.promises.rights.mailing.knowing import finder, numbers
from skola.promises.rights.models import Objection, RightsRequest
from skola.promises.rights.objections.actions import (
    allow_again,
    stop_automated,
    stop_handover,
    when_stopped,
)
from skola.promises.rights.objections.besides import Besides, may_be_objected_to
from skola.promises.rights.objections.http import stopped as stopped_page
from skola.promises.rights.objections.http import unless_stopped
from skola.promises.rights.objections.queries import (
    is_stopped,
    may_use,
    objections_to,
    stopped_of,
    stopping,
    who_stopped,
)
from skola.promises.rights.objections.rules import HANDOVER, automated
from skola.promises.rights.plan import Link, Relation, Step, plan, step_of, where
from skola.promises.rights.requests.actions import Asked, Asker, receive_by_link, receive_request
from skola.promises.rights.requests.correcting import on_correction
from skola.promises.rights.requests.forms import GuestForm
from skola.promises.rights.requests.queries import of as requests_of
from skola.promises.rights.requests.queries import of_enquiry, overview
from skola.promises.rights.requests.queries import stand as requests_stand
from skola.promises.rights.requests.terms import letter, local_day, offered, replies
from skola.promises.rights.requests.terms import zone as zone_of
from skola.promises.rights.signed.handing import takes_signed

__all__ = [
    "COPY_FORMAT",
    "DEMANDS",
    "HANDOVER",
    "PROFILE",
    "Asked",
    "Asker",
    "Besides",
    "Consequence",
    "ErasureRight",
    "GrantedError",
    "GuestForm",
    "Link",
    "NobodyError",
    "Objection",
    "Relation",
    "RightsRequest",
    "Step",
    "allow_again",
    "automated",
    "choice_words",
    "claim_categories",
    "claims_to_review",
    "column_word",
    "consequences",
    "erase_person",
    "erasure_right",
    "finder",
    "in_language",
    "is_granted",
    "is_stopped",
    "letter",
    "local_day",
    "may_be_objected_to",
    "may_use",
    "numbers",
    "objections_to",
    "of_enquiry",
    "offered",
    "on_correction",
    "overview",
    "plan",
    "preview",
    "profile_of",
    "receive_by_link",
    "receive_request",
    "record_word",
    "replies",
    "requests_of",
    "requests_stand",
    "right_of",
    "speaks_of_data",
    "step_of",
    "stop_automated",
    "stop_handover",
    "stopped_of",
    "stopped_page",
    "stopping",
    "take_along",
    "takes_signed",
    "tells",
    "unless_stopped",
    "when_stopped",
    "where",
    "who_stopped",
    "withdraw_erasure",
    "zone_of",
]
