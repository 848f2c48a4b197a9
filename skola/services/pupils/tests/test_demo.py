from datetime import datetime
from random import Random

import pytest

from skola.services.diary.tests import make as diary
from skola.services.pupils import demo, queries


@pytest.mark.tenant("ekool")
def test_some_pupils_of_the_demo_let_the_class_see_their_phone(
    tenant: object, now: datetime
) -> None:
    world = diary.world(pupils=6)

    demo.populate("ekool", [], Random(1), now)

    seen = {
        is_leader: sum(
            bool(each.phone)
            for _child, there in queries.contacts_in(
                world.school_class.pk, diary.TODAY, now, is_leader=is_leader
            )
            for each in there
        )
        for is_leader in (True, False)
    }
    assert seen == {True: 2, False: 1}
