"""Pictures, videos, captions and files go with the course or lesson that holds them."""

from django.db import migrations

from skola.ground.files.held import files_go_with


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial"), ("files", "0002_let_go")]
    operations = [
        files_go_with("courses_course", "picture_id"),
        files_go_with("courses_lesson", "media_id"),
        files_go_with("courses_lesson", "captions_id"),
    ]
