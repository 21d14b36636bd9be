"""What people see. Each app: models (tables), actions (what may happen), queries (what can be asked), views, templates.

Pages extend `base.html`, pages of one data source `sources/source_base.html` (context: `sources.queries.source_page`), pages for
outsiders `letter.html`. Tags (marks, figures), i18n and static need no `load`. Addresses that pages of all apps link to:
sources:list/settings/pause/resume/remove, syncs:overview/streams/history/proof/sync_now/cancel (by source id),
approvals:new/links, approvals:access/recreate/authentication_link (by source id), explorer:tables.
"""
