"""Lists with names that accounting needs."""

from django.utils.translation import gettext_lazy as _

from skola.promises.reports.api import Listing, offer

offer(
    Listing(
        id="billing.invoices",
        title=_("Invoices and who they are for"),
        model="billing.invoice",
        columns=("number", "kind", "issued_at", "buyer", "total_cents", "currency", "due_on"),
        roles=frozenset({"administrator", "finance"}),
    )
)
