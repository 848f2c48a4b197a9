from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.shop.actions.ordering import cancel_unpaid


@jobs.every("35 * * * *")
@jobs.handler("shop.cancel_unpaid")
def cancel() -> None:
    """Orders by card that nobody paid within a day are cancelled, with a credit note."""
    cancel_unpaid(by="shop.cancel_unpaid", now=clock.now())
