from random import Random

import pytest

from skola.ground.people.models import Role
from skola.ground.people.tests import make as people
from skola.services.billing.models import Invoice
from skola.services.customers import demo
from skola.services.customers.models import Relation, Service, Subscription
from skola.services.school.models import SCHOOL
from skola.services.school.tests import make as schools

NOW = schools.A_DAY


@pytest.mark.usefixtures("tenant")
@pytest.mark.tenant("ekool")
def test_the_demo_has_a_catalogue_and_a_school_and_families_that_ordered() -> None:
    school_class = schools.school_class(pupils=3)
    head = people.account().person
    where = school_class.year.school
    Role.objects.create(person=head, kind="school", scope=SCHOOL, scope_id=where.pk, starts_at=NOW)
    desk = people.account().person
    people.role(desk, "support")
    parents = [schools.guardian(one.person) for one in school_class.pupils.select_related("person")]

    demo.populate("ekool", [head, desk, *parents], Random(1), NOW)

    assert Service.objects.count() == 3
    assert Subscription.objects.filter(school=where).count() == 2
    assert Subscription.objects.filter(school=None).count() == 3
    assert Invoice.objects.count() == 5
    customers = set(Relation.objects.active().values_list("person", flat=True))
    assert customers == {head.pk, *(one.pk for one in parents)}
