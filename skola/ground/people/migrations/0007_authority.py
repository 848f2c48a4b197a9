from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_coordinator"),
    ]

    operations = [
        migrations.AlterField(
            model_name="role",
            name="kind",
            field=models.CharField(
                choices=[
                    ("learner", "learner"),
                    ("author", "author"),
                    ("instructor", "instructor"),
                    ("guardian", "guardian"),
                    ("support", "support"),
                    ("finance", "finance"),
                    ("recruiter", "recruiter"),
                    ("examiner", "examiner"),
                    ("reviewer", "recording reviewer"),
                    ("officer", "data protection officer"),
                    ("administrator", "administrator"),
                    ("teacher", "teacher"),
                    ("school", "school administrator"),
                    ("coordinator", "training coordinator"),
                    ("authority", "representative of an authority"),
                ],
                max_length=20,
            ),
        ),
    ]
