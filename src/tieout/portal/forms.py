"""How forms look: label above, help below, the error beside its field and in a summary that leads to it."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms and fields with our own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
