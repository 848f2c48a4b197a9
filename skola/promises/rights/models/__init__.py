from skola.promises.rights.models.erasure import Erasure

__all__ = ["Erasure"]
