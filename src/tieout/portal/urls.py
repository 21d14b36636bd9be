"""Every address of the portal. Each app's urls.py holds its addresses in full."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="sources:list"), name="home"),
    path("", include("tieout.portal.people.urls")),
    path("", include("tieout.portal.workspaces.urls")),
    path("", include("tieout.portal.approvals.urls")),
    path("", include("tieout.portal.syncs.urls")),
    path("", include("tieout.portal.proofs.urls")),
    path("", include("tieout.portal.certificates.urls")),
    path("", include("tieout.portal.witnesses.urls")),
    path("", include("tieout.portal.explorer.urls")),
    path("", include("tieout.portal.vouchers.urls")),
    path("", include("tieout.portal.reports.urls")),
    path("", include("tieout.portal.planning.urls")),
    path("", include("tieout.portal.stamps.urls")),
    path("", include("tieout.portal.saft.urls")),
    path("", include("tieout.portal.usage.urls")),
    path("", include("tieout.portal.installation.urls")),
    path("", include("tieout.portal.trials.urls")),
    path("", include("tieout.portal.alerts.urls")),
    path("", include("tieout.portal.webhooks.urls")),
    path("", include("tieout.portal.feeds.urls")),
    path("", include("tieout.portal.api.urls")),
    path("", include("tieout.portal.groups.urls")),
    path("", include("tieout.portal.partners.urls")),
    path("", include("tieout.portal.audits.urls")),
    path("", include("tieout.portal.removals.urls")),
    path("", include("tieout.portal.personal.urls")),
    path("", include("tieout.portal.sources.urls")),
]

handler400 = "tieout.portal.errors.bad_request"
handler403 = "tieout.portal.errors.not_allowed"
handler404 = "tieout.portal.errors.not_found"
handler500 = "tieout.portal.errors.fault"
