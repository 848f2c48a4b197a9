import django.db.models.deletion
import skola.ground.ids
import skola.ground.tenants.context
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns of the log: what is committed to, and the number of each entry."""

    dependencies = [
        ('audit', '0001_initial'),
        ('tenants', '0002_cache'),
    ]

    operations = [
        migrations.AddField('entry', 'salt', models.BinaryField(editable=False, null=True)),
        migrations.AddField('entry', 'commitment', models.BinaryField(default=bytes, editable=False)),
        migrations.AddField('entry', 'leaf_index', models.BigIntegerField(editable=False, null=True)),
        migrations.AddField('subjectkey', 'pseudonym', models.CharField(blank=True, default='', max_length=64), preserve_default=False),
        migrations.AddIndex('entry', models.Index(condition=models.Q(('leaf_index', None)), fields=['tenant', 'id'], name='audit_unsequenced')),
        migrations.AddConstraint('entry', models.UniqueConstraint(fields=('tenant', 'leaf_index'), name='audit_leaf_once')),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(default=0)),
                ('pending', models.BinaryField(default=bytes)),
                ('key', models.CharField(blank=True, max_length=400)),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='audit_head_once')],
            },
        ),
    ]
