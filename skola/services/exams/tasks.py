from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.exams.actions import receipts, sitting
from skola.services.exams.models import Receipt


@jobs.every("*/5 * * * *")
@jobs.handler("exams.close_what_is_over")
def close_what_is_over() -> None:
    """Attempts end with their time, whatever became of the browser; old papers go."""
    now = clock.now()
    sitting.close_what_is_over(by="exams.close_what_is_over", now=now)
    sitting.drop_old_papers(by="exams.close_what_is_over", now=now)


@jobs.every("*/10 * * * *")
@jobs.handler("exams.tell_receipts")
def tell_receipts() -> None:
    """Candidates learn that their film is gone (ilearn-40.a)."""
    receipts.tell_receipts(by="exams.tell_receipts", now=clock.now())


@jobs.handler("exams.mail_receipt")
def mail_receipt(receipt: str) -> None:
    """A candidate gets the receipt by mail; one who is gone meanwhile has none."""
    found = Receipt.objects.select_related("attempt__person", "attempt__sitting__exam")
    told = found.filter(pk=receipt).first()
    if told is not None:
        receipts.mail_receipt(told)
