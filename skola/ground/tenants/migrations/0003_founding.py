"""Tenants are founded by a tenant while the platform runs, through functions with fixed arguments."""

import django.db.models.deletion
from django.db import migrations, models

FOUND = r"""
create function tenants_found(made uuid, word text, called text, at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mine tenants_tenant;
begin
    select * into mine from tenants_tenant
     where id = nullif(current_setting('skola.tenant', true), '')::uuid and is_active;
    if mine.id is null or mine.operator_id is not null then
        raise exception 'This tenant founds no others.' using errcode = 'insufficient_privilege';
    end if;
    if word !~ '^[a-z]([a-z0-9]|-(?=[a-z0-9])){2,23}$' then
        raise exception 'No host name begins like that.' using errcode = 'check_violation';
    end if;
    insert into tenants_tenant (id, slug, name, created_at, is_active, operator_id)
    values (made, mine.slug || '-' || word, called, at, true, mine.id);
    insert into tenants_host (id, name, tenant_id)
    select gen_random_uuid(), word || '.' || bare, made
      from (select distinct regexp_replace(lower(name), '^www\.', '') as bare
              from tenants_host where tenant_id = mine.id) as own;
end $$;
create function tenants_close(which uuid) returns boolean
language sql security definer set search_path = public, pg_temp as $$
    with closed as (
        update tenants_tenant set is_active = false
         where id = which and is_active
           and operator_id = nullif(current_setting('skola.tenant', true), '')::uuid
        returning id)
    select exists (select 1 from closed);
$$;
revoke all on function tenants_found(uuid, text, text, timestamptz) from public;
revoke all on function tenants_close(uuid) from public;
"""
GONE = """
drop function tenants_found(uuid, text, text, timestamptz);
drop function tenants_close(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_cache")]
    operations = [
        migrations.AddField(
            model_name="tenant",
            name="operator",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="academies",
                to="tenants.tenant",
            ),
        ),
        migrations.RunSQL(FOUND, GONE),
    ]
