"""Whoever deletes a part of a file, its object goes as that of a whole file does."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("files", "0004_parts")]
    operations = [
        migrations.RunSQL(
            """
            create trigger files_part_is_doomed after delete on files_filepart
                for each row execute function files_doom_object();
            """,
            "drop trigger files_part_is_doomed on files_filepart;",
        )
    ]
