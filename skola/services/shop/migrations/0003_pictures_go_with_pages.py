"""The picture of a landing page goes with it."""

from django.db import migrations

from skola.ground.files.held import files_go_with


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_landing_pages_and_coupons"), ("files", "0002_let_go")]
    operations = [files_go_with("shop_landing", "picture_id")]
