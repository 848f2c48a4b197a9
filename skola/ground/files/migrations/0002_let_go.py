"""Whoever deletes a key dooms its object; whoever deletes a row lets go of its files (``held.py``)."""

from django.db import migrations

CREATE = """
create function files_doom_object() returns trigger language plpgsql as $$
begin
    insert into files_doomedobject (id, tenant_id, stored_as, since)
    values (gen_random_uuid(), old.tenant_id, old.stored_as, clock_timestamp());
    return null;
end $$;

create trigger files_object_is_doomed after delete on files_objectkey
    for each row execute function files_doom_object();

create function files_let_go() returns trigger language plpgsql as $$
begin
    delete from files_storedfile
     where tenant_id = old.tenant_id and id = (to_jsonb(old) ->> tg_argv[0])::uuid;
    return null;
end $$;
"""

DROP = """
drop trigger files_object_is_doomed on files_objectkey;
drop function files_doom_object();
drop function files_let_go();
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
