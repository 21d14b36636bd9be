import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workspaces", "0001_initial"),
        ("approvals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FirmAccess",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("connector", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("organisation_number", models.CharField(max_length=20)),
                ("may_add", models.BooleanField(default=False)),
                ("client_key", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("listed_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FirmsCompany",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("organisation_number", models.CharField(blank=True, max_length=20)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "Not connected"),
                            ("wanted", "Waiting"),
                            ("checking", "Being checked"),
                            ("connected", "Connected"),
                            ("refused", "Refused"),
                        ],
                        default="listed",
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                (
                    "access",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="companies", to="partners.firmaccess"
                    ),
                ),
                (
                    "candidate",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="firms_company",
                        to="approvals.candidate",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="approvals.onboardingsession",
                    ),
                ),
            ],
            options={"ordering": ("name", "id")},
        ),
        migrations.AddConstraint(
            model_name="firmaccess",
            constraint=models.UniqueConstraint(fields=("workspace", "connector"), name="one_firm_per_connector"),
        ),
        migrations.AddIndex(
            model_name="firmscompany",
            index=models.Index(fields=["state", "next_try_at"], name="firms_companies_by_state"),
        ),
        migrations.AddConstraint(
            model_name="firmscompany",
            constraint=models.UniqueConstraint(fields=("access", "client_id"), name="one_row_per_client"),
        ),
    ]
