"""The database moves a row from one person to another only along a merge that is on record."""

from django.db import migrations

MOVE = """
create or replace function quality_move(
    merge uuid, place text, leads text, wanted uuid[], back boolean
) returns setof uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mine uuid := nullif(current_setting('skola.tenant', true), '')::uuid;
    away uuid;
    home uuid;
    one uuid;
begin
    select case when back then kept_id else merged_id end,
           case when back then merged_id else kept_id end
      into away, home
      from quality_merge where tenant_id = mine and id = merge and undone_at is null;
    if away is null then
        raise exception 'there is no such merge';
    end if;
    if not exists (
        select from pg_constraint c
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
         where c.contype = 'f' and c.conrelid = to_regclass(format('%I', place))
           and c.confrelid = 'people_person'::regclass
           and a.attname = leads and a.attname <> 'tenant_id'
    ) then
        raise exception 'no person is named there';
    end if;
    for one in execute format(
        'select id from %I where tenant_id = $1 and %I = $2 and ($3 is null or id = any ($3))',
        place, leads
    ) using mine, away, wanted
    loop
        begin
            execute format('update %I set %I = $1 where tenant_id = $2 and id = $3', place, leads)
              using home, mine, one;
            return next one;
        exception when unique_violation or check_violation or exclusion_violation then
            null;
        end;
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_quality")]

    operations = [
        migrations.RunSQL(
            MOVE, "drop function quality_move(uuid, text, text, uuid[], boolean)"
        )
    ]
