"""The key of an attachment is destroyed with its message, whoever deletes it."""

from django.db import migrations

from skola.ground.files.api import files_go_with


class Migration(migrations.Migration):
    dependencies = [("messages", "0001_initial"), ("files", "0002_let_go")]

    operations = [files_go_with("messages_message", "attachment_id")]
