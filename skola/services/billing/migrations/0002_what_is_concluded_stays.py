"""How and when a contract was concluded, and when it ended, is written once.

The other columns of a contract, and all of an invoice, are beyond the application's rights (app_may).
"""

from django.db import migrations

STAYS = """
create function billing_contract_stays() returns trigger language plpgsql as $$
begin
    if old.accepted_at is not null
        and (new.accepted_at is distinct from old.accepted_at or new.evidence <> old.evidence)
        or old.closed_at is not null and new.closed_at is distinct from old.closed_at
    then
        raise exception 'how and when a contract was concluded or ended is not changed'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger contract_stays before update of accepted_at, evidence, closed_at on billing_contract
    for each row execute function billing_contract_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RunSQL(
            STAYS,
            "drop trigger contract_stays on billing_contract;"
            " drop function billing_contract_stays();",
        )
    ]
