"""Entries are numbered by their place in the table: the same plan whatever the statistics say."""

from django.db import migrations

NUMBER = """
create or replace function audit_number(most integer, beyond bigint, named text)
    returns table (size bigint, pending bytea, key text)
    language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    mine uuid := nullif(current_setting('skola.tenant', true), '')::uuid;
    head audit_head;
    hashes bytea;
begin
    insert into audit_head (id, tenant_id, size, pending, key)
    values (gen_random_uuid(), mine, 0, '', named) on conflict (tenant_id) do nothing;
    select * into head from audit_head where tenant_id = mine for update;
    if head.size < beyond then
        head.size := beyond;
        head.pending := '';
    end if;
    if head.pending = '' then
        with chosen as (
            select ctid as place, id from audit_entry where tenant_id = mine and leaf_index is null
             order by id limit most for update skip locked
        ), numbered as (
            select place, head.size + row_number() over (order by id) - 1 as leaf from chosen
        ), done as (
            update audit_entry e set leaf_index = numbered.leaf from numbered
             where e.tenant_id = mine and e.ctid = any (array(select place from numbered))
               and e.ctid = numbered.place
            returning e.leaf_index as leaf, sha256('\\x00'::bytea || audit_leaf(e)) as hash
        )
        select coalesce(string_agg(hash, '' order by leaf), '') into hashes from done;
        head.size := head.size + length(hashes) / 32;
        head.pending := hashes;
    end if;
    update audit_head set size = head.size, pending = head.pending where tenant_id = mine;
    return query select head.size, head.pending, head.key::text;
end $$;
comment on function audit_number is
    'Numbers committed entries without one, unless the last numbered ones are not published yet.';
"""


class Migration(migrations.Migration):
    dependencies = [('audit', '0003_log_functions')]

    operations = [migrations.RunSQL(NUMBER, migrations.RunSQL.noop)]
