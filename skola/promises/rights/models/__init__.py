from skola.promises.rights.models.erasure import Erasure
from skola.promises.rights.models.export import Export

__all__ = ["Erasure", "Export"]
