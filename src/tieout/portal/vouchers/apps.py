"""The app's name in Django."""

from django.apps import AppConfig


class Vouchers(AppConfig):
    name = "tieout.portal.vouchers"
    label = "vouchers"
