"""Where somebody is signed in is kept without the address of their device.

A network stands in the security log, with a term of its own (ema-1.1.5), and the library writes the
whole address into a table that has none. It is the database that leaves it out, so that nothing
that comes with the library later puts it back.
"""

from django.db import migrations

LEAVE_OUT = """
create function usersessions_no_address() returns trigger language plpgsql as $$
begin
    new.ip := '0.0.0.0';
    return new;
end $$;
create trigger no_address before insert or update on usersessions_usersession
    for each row execute function usersessions_no_address();
alter table usersessions_usersession no force row level security;
update usersessions_usersession set ip = '0.0.0.0';
alter table usersessions_usersession force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_text_message"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            LEAVE_OUT,
            "drop trigger no_address on usersessions_usersession;"
            " drop function usersessions_no_address();",
        )
    ]
