"""A recording takes its sound along, leaves its day of deletion behind, and follows its contract.

Sweeps delete rows by the thousand and call nobody's Python, so the database does it itself.
"""

from django.db import migrations

from skola.ground.files.api import files_go_with

SAY_WHEN = """
create function desk_recording_goes() returns trigger language plpgsql as $$
declare gone_at timestamptz :=
    coalesce(nullif(current_setting('skola.now', true), '')::timestamptz, now());
begin
    update desk_calltask set recording_deleted_at = gone_at
        where tenant_id = old.tenant_id and (recording_id = old.id or call_id = old.call_id);
    update desk_call set recording_deleted_at = gone_at
        where tenant_id = old.tenant_id and id = old.call_id;
    return old;
end $$;
create trigger recording_goes before delete on desk_recording
    for each row execute function desk_recording_goes();
"""

FOLLOW_CONTRACT = """
create function desk_contract_ends() returns trigger language plpgsql as $$
begin
    update desk_recording
        set contract_closed_at = coalesce(new.closed_at, contract_closed_at)
        where tenant_id = new.tenant_id and contract_id = new.id;
    return new;
end $$;
create trigger contract_ends after update of closed_at on billing_contract
    for each row execute function desk_contract_ends();
create function desk_contract_goes() returns trigger language plpgsql as $$
begin
    update desk_recording
        set contract_closed_at = coalesce(
            contract_closed_at, old.closed_at,
            nullif(current_setting('skola.now', true), '')::timestamptz, now())
        where tenant_id = old.tenant_id and contract_id = old.id;
    return old;
end $$;
create trigger contract_goes before delete on billing_contract
    for each row execute function desk_contract_goes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("billing", "0001_initial"),
        ("files", "0002_let_go"),
    ]

    operations = [
        files_go_with("desk_recording", "audio_id"),
        migrations.RunSQL(
            SAY_WHEN,
            "drop trigger recording_goes on desk_recording; drop function desk_recording_goes();",
        ),
        migrations.RunSQL(
            FOLLOW_CONTRACT,
            "drop trigger contract_ends on billing_contract; drop function desk_contract_ends();"
            " drop trigger contract_goes on billing_contract; drop function desk_contract_goes();",
        ),
    ]
