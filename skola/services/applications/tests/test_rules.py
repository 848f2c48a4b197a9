from skola.services.applications.rules import MOST_FOR_NEW, Result, judge


def test_nothing_overdue_and_no_more_at_first_than_the_limit() -> None:
    assert judge(overdue=0, contracts=0, price_cents=MOST_FOR_NEW) == Result.APPROVED
    assert judge(overdue=0, contracts=0, price_cents=MOST_FOR_NEW + 1) == Result.REJECTED
    assert judge(overdue=0, contracts=1, price_cents=MOST_FOR_NEW + 1) == Result.APPROVED
    assert judge(overdue=1, contracts=9, price_cents=1) == Result.REJECTED
