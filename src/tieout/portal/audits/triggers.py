"""What keeps the audit log append-only, whoever holds the connection: SQLite refuses to change or take away entries.

Entries older than a year may go, so that retention can do its work; younger ones go with the file only.
"""

from __future__ import annotations

NAMES = ("audits_never_change", "audits_stay_a_year")
CREATE = (
    """
    CREATE TRIGGER audits_never_change BEFORE UPDATE ON audits_entry
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    """
    CREATE TRIGGER audits_stay_a_year BEFORE DELETE ON audits_entry WHEN OLD.at > datetime('now', '-1 year')
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
)
DROP = tuple(f"DROP TRIGGER IF EXISTS {name}" for name in NAMES)
