from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncs", "0003_goes_first")]

    operations = [migrations.AddField(model_name="sync", name="on", field=models.DateField(null=True))]
