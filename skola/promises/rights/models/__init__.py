from skola.promises.rights.models.erasure import Erasure
from skola.promises.rights.models.export import Export
from skola.promises.rights.models.request import RequestMessage, RequestNumbers, RightsRequest

__all__ = ["Erasure", "Export", "RequestMessage", "RequestNumbers", "RightsRequest"]
