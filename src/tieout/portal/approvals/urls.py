"""Addresses of this app: the wizard, approval links, the outsider's pages, the callback, and a data source's access."""

from __future__ import annotations

from django.urls import path

from tieout.portal.approvals.views import access, callback, letter, links, wizard

app_name = "approvals"
urlpatterns = [
    path("sources/new/", wizard.systems, name="new"),
    path("sources/new/<slug:connector>/", wizard.how, name="how"),
    path("sources/new/<slug:connector>/myself/", wizard.myself, name="myself"),
    path("sources/new/<slug:connector>/share/", wizard.share, name="share"),
    path("sources/new/<slug:connector>/key/", wizard.key, name="key"),
    path("approval-links/", links.index, name="links"),
    path("approval-links/<uuid:link_id>/", links.show, name="link"),
    path("approval-links/<uuid:link_id>/preview/", links.preview, name="preview"),
    path("approval-links/<uuid:link_id>/progress/", links.progress, name="progress"),
    path("approval-links/<uuid:link_id>/send/", links.send, name="send"),
    path("approval-links/<uuid:link_id>/resend/", links.resend, name="resend"),
    path("approval-links/<uuid:link_id>/revoke/", links.revoke, name="revoke"),
    path("approve/<str:token>/", letter.request_page, name="request"),
    path("approve/<str:token>/key/", letter.key, name="request_key"),
    path("approve/<str:token>/report/", letter.report, name="report"),
    path("approve/<str:token>/ask/", letter.ask, name="ask"),
    path("oauth/<slug:connector>/callback", callback.come_back, name="callback"),
    path("oauth/<slug:connector>/<uuid:session_id>/", callback.outcome, name="outcome"),
    path("oauth/<slug:connector>/<uuid:session_id>/companies/", callback.choose, name="choose"),
    path("oauth/<slug:connector>/<uuid:session_id>/again/", callback.again, name="again"),
    path("sources/<uuid:source_id>/access/", access.show, name="access"),
    path("sources/<uuid:source_id>/access/recreate/", access.recreate, name="recreate"),
    path("sources/<uuid:source_id>/access/link/", access.authentication_link, name="authentication_link"),
    path("sources/<uuid:source_id>/access/key/", access.key, name="renew_key"),
]
