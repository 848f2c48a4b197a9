"""Runs: one course for one group."""

import django.db.models.deletion
import skola.ground.ids
import skola.ground.tenants.context
import skola.services.runs.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('courses', '0003_author_may_go'),
        ('people', '0006_coordinator'),
        ('tenants', '0003_founding'),
    ]

    operations = [
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('site', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('course', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='courses.course')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'ordering': ('-starts_on', 'title'),
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='run_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='MailRule',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invitation', 'invitation'), ('reminder', 'reminder')], max_length=10)),
                ('days', models.PositiveSmallIntegerField(default=0, verbose_name='days before the end')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='your own words')),
                ('since_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='runs.run')),
            ],
            options={
                'ordering': ('kind', '-days'),
                'constraints': [models.UniqueConstraint(fields=('tenant', 'run', 'kind', 'days'), name='rule_once')],
            },
        ),
        migrations.CreateModel(
            name='RunLink',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(default=skola.services.runs.models._link_key, editable=False, max_length=24)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('limit', models.PositiveIntegerField(default=30, verbose_name='at most so many people')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='open until')),
                ('is_open', models.BooleanField(default=False)),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='runs.run')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'key'), name='run_link_once')],
            },
        ),
        migrations.CreateModel(
            name='RunList',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('applied_at', models.DateTimeField()),
                ('added', models.PositiveIntegerField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lists', to='runs.run')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'ordering': ('-applied_at',),
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('hand', 'by hand'), ('list', 'by a list'), ('link', 'by the link')], max_length=4)),
                ('is_new', models.BooleanField(default=False)),
                ('added_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(editable=False, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='people.person')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='runs.run')),
                ('list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='participants', to='runs.runlist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'run', 'person'), name='in_a_run_once')],
            },
        ),
        migrations.CreateModel(
            name='RunMail',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invitation', 'invitation'), ('reminder', 'reminder')], max_length=10)),
                ('days', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='runs.participant')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'ordering': ('-at',),
                'constraints': [models.UniqueConstraint(fields=('tenant', 'participant', 'kind', 'days'), name='mailed_once')],
            },
        ),
    ]
