"""Academies at their operator, and what stands in each of them."""

import django.db.models.deletion
import skola.ground.ids
import skola.ground.tenants.context
from django.db import migrations, models


from skola.ground.files.held import files_go_with


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0005_parts_are_doomed'),
        ('people', '0005_grown_up_allows'),
        ('tenants', '0003_founding'),
    ]

    operations = [
        migrations.CreateModel(
            name='Academy',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client', models.UUIDField(editable=False, unique=True)),
                ('word', models.SlugField(max_length=24)),
                ('name', models.CharField(max_length=120)),
                ('reference', models.CharField(max_length=60)),
                ('founded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('people', models.PositiveIntegerField(default=0)),
                ('courses', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'verbose_name_plural': 'academies',
                'ordering': ('name',),
                'constraints': [models.UniqueConstraint(fields=('tenant', 'word'), name='academy_word_once'), models.CheckConstraint(condition=models.Q(models.Q(('closes_at', None), ('ended_at', None)), models.Q(('closes_at__gte', models.F('ended_at')), ('ended_at__isnull', False)), _connector='OR'), name='academy_ends_with_a_term')],
            },
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(editable=False, null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='admissions', to='people.person')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'ordering': ('-starts_at',),
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='admission_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=60)),
                ('operator', models.CharField(max_length=120)),
                ('version', models.CharField(max_length=20)),
                ('language', models.CharField(choices=[('en', 'English'), ('lv', 'Latviešu'), ('lt', 'Lietuvių'), ('et', 'Eesti'), ('sv', 'Svenska')], max_length=5)),
                ('days', models.PositiveSmallIntegerField()),
                ('agreed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='one_agreement')],
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='name of the academy')),
                ('tagline', models.CharField(max_length=120, verbose_name='what it is for, in one line')),
                ('accent', models.CharField(max_length=7, verbose_name='colour')),
                ('organisation', models.CharField(max_length=120, verbose_name='organisation')),
                ('number', models.CharField(blank=True, max_length=30, verbose_name='registration number')),
                ('address', models.CharField(max_length=200, verbose_name='postal address')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail for questions about personal data')),
                ('country', models.CharField(choices=[('SE', 'Sweden'), ('LV', 'Latvia'), ('LT', 'Lithuania'), ('EE', 'Estonia')], max_length=2, verbose_name='country')),
                ('languages', models.JSONField(default=list)),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='files.storedfile')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='one_brand'), models.CheckConstraint(condition=models.Q(('country__in', ['SE', 'LV', 'LT', 'EE'])), name='brand_country')],
            },
        ),
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('founded', 'founded the academy and agreed'), ('brand', 'changed name, colour or contacts'), ('let-in', 'let the operator in'), ('shut', 'shut the operator out'), ('exported', 'took all data along'), ('ended', 'ended the academy')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField(editable=False, null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='instructions', to='people.person')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='OperatorLook',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('staff', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField(editable=False, null=True)),
                ('admission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='academies.admission')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='operator_looks', to='people.person')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=skola.ground.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=20)),
                ('days', models.PositiveSmallIntegerField()),
                ('agreed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(editable=False, null=True)),
                ('academy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='academies.academy')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='people.person')),
                ('tenant', models.ForeignKey(db_index=False, default=skola.ground.tenants.context.current_or_none, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'person', 'academy'), name='subscribed_once_an_academy')],
            },
        ),
        files_go_with("academies_brand", "logo_id"),
    ]
