from skola.promises.rights.models.claim import Claim, Filing
from skola.promises.rights.models.erasure import Erasure
from skola.promises.rights.models.export import Export
from skola.promises.rights.models.objection import Objection
from skola.promises.rights.models.request import RequestMessage, RequestNumbers, RightsRequest
from skola.promises.rights.models.signed import SignedFile

__all__ = [
    "Claim",
    "Erasure",
    "Export",
    "Filing",
    "Objection",
    "RequestMessage",
    "RequestNumbers",
    "RightsRequest",
    "SignedFile",
]
