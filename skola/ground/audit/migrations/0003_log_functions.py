"""What the database does for the log; the application may call it and change none of it."""

import hashlib
import hmac

from django.db import migrations

FUNCTIONS = """
create function audit_seal() returns trigger language plpgsql as $$
begin
    new.salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    new.commitment := sha256(new.salt || convert_to(new.detail::text, 'UTF8'));
    new.leaf_index := null;
    return new;
end $$;
comment on function audit_seal is
    'Every entry, whoever inserts it: a salt, and a commitment to the detail.';
create trigger audit_seal before insert on audit_entry
    for each row execute function audit_seal();

create function audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'an entry of the audit does not change' using errcode = 'restrict_violation';
end $$;
create trigger audit_stays before update on audit_entry
    for each row when (
        (old.tenant_id, old.id, old.at, old.kind, old.by, old.subject, old.target, old.clause,
         old.commitment)
        is distinct from
        (new.tenant_id, new.id, new.at, new.kind, new.by, new.subject, new.target, new.clause,
         new.commitment)
        or (old.leaf_index is not null and old.leaf_index is distinct from new.leaf_index)
        or ((old.detail, old.salt) is distinct from (new.detail, new.salt)
            and (new.salt is not null or new.detail <> '{}'))
    ) execute function audit_stays();
create trigger audit_is_not_deleted before delete on audit_entry
    for each row when (current_user = 'skola_app') execute function audit_stays();

create function audit_leaf(e audit_entry) returns bytea language sql stable as $$
    select convert_to(row_to_json(leaf)::text, 'UTF8') from (select
        1 as v, e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
        e.kind, e.by, e.subject, e.target, e.clause, encode(e.commitment, 'hex') as detail
    ) leaf
$$;
comment on function audit_leaf is 'What stands in the log of an entry, byte for byte.';

create function audit_number(most integer, beyond bigint, named text)
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
            select id from audit_entry where tenant_id = mine and leaf_index is null
             order by id limit most for update skip locked
        ), numbered as (
            select id, head.size + row_number() over (order by id) - 1 as leaf from chosen
        ), done as (
            update audit_entry e set leaf_index = numbered.leaf from numbered
             where e.tenant_id = mine and e.id = numbered.id
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

create function audit_published(upto bigint) returns void
    language sql security definer set search_path = public, pg_temp as $$
    update audit_head set pending = ''
     where tenant_id = nullif(current_setting('skola.tenant', true), '')::uuid and size = upto;
$$;

create function audit_forget() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update audit_entry set detail = '{}', salt = null
     where tenant_id = old.tenant_id and subject = old.pseudonym and salt is not null
       and old.pseudonym <> '';
    return null;
end $$;
comment on function audit_forget is 'With the key of a person go the details about them.';
create trigger audit_forget after delete on audit_subjectkey
    for each row execute function audit_forget();
"""

EXISTING = """
alter table audit_entry no force row level security;
update audit_entry set salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
update audit_entry set commitment = sha256(salt || convert_to(detail::text, 'UTF8'));
set constraints all immediate;
alter table audit_entry force row level security;
"""


def name_keys(apps, editor):
    """Write down the pseudonym of every key there is."""
    with editor.connection.cursor() as cursor:
        cursor.execute('alter table audit_subjectkey no force row level security')
        cursor.execute('select tenant_id, id, person_ref, key from audit_subjectkey')
        for tenant, pk, person, key in cursor.fetchall():
            made = hmac.new(bytes(key), person.bytes + b'audit', hashlib.sha256).hexdigest()[:40]
            cursor.execute(
                'update audit_subjectkey set pseudonym = %s where tenant_id = %s and id = %s',
                [made, tenant, pk],
            )
        cursor.execute('set constraints all immediate')
        cursor.execute('alter table audit_subjectkey force row level security')


class Migration(migrations.Migration):
    dependencies = [('audit', '0002_log')]

    operations = [
        migrations.RunSQL(EXISTING),
        migrations.RunPython(name_keys),
        migrations.RunSQL(FUNCTIONS),
    ]
