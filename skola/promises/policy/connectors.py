"""Which tasks of processors have a connector, and what each can send of ``vocabulary.SENDS``."""

CONNECTORS = {
    "hosting": (),
    "mail-sending": ("address", "sender", "subject", "text", "number"),
    "contact-register": (),
    "cloud-office": ("object", "sealed"),
    "error-logging": ("error", "place", "release", "page", "method", "status", "service"),
    "bug-reporting": ("words", "page", "browser", "release", "service"),
    "usage-analysis": ("day", "page", "visits"),
}
"""Tasks of processors with a connector that is switched for each tenant, and what each can send.
Contacts are columns: what goes of them stands in ``fields``."""
