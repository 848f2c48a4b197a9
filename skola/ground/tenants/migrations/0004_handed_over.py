"""A tenant's service is closed to go over to another controller, and opened again if it does not.

The application may not change the table of tenants; it calls these, for the speaking tenant alone.
"""

from django.db import migrations, models

DEPART = """
create function tenants_depart(at timestamptz) returns boolean
language sql security definer set search_path = public, pg_temp as $$
    with departed as (
        update tenants_tenant set handed_over_at = at
         where id = nullif(current_setting('skola.tenant', true), '')::uuid
           and is_active and handed_over_at is null
        returning id)
    select exists (select 1 from departed);
$$;
create function tenants_return() returns boolean
language sql security definer set search_path = public, pg_temp as $$
    with returned as (
        update tenants_tenant set handed_over_at = null
         where id = nullif(current_setting('skola.tenant', true), '')::uuid
           and is_active and handed_over_at is not null
        returning id)
    select exists (select 1 from returned);
$$;
revoke all on function tenants_depart(timestamptz) from public;
revoke all on function tenants_return() from public;
"""
GONE = """
drop function tenants_depart(timestamptz);
drop function tenants_return();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_founding")]
    operations = [
        migrations.AddField(
            model_name="tenant",
            name="handed_over_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(DEPART, GONE),
    ]
