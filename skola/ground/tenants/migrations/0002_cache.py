"""The cache: rate limits and the like. Unlogged, for it may be lost in a crash."""

from django.db import migrations

CREATE = """
create unlogged table skola_cache (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamptz not null
);
create index skola_cache_expires on skola_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "drop table skola_cache")]
