"""Until now every letter was said to be registered: people were promised that, so it stays."""

from django.db import migrations

NAMES = """
alter table rights_rightsrequest no force row level security;
update rights_rightsrequest set reply_by = '{new}' where reply_by = '{old}';
alter table rights_rightsrequest force row level security;
alter table rights_requestmessage no force row level security;
update rights_requestmessage set route = '{new}' where route = '{old}';
alter table rights_requestmessage force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0011_registered_letters")]

    operations = [
        migrations.RunSQL(
            NAMES.format(old="post", new="registered"), NAMES.format(old="registered", new="post")
        )
    ]
