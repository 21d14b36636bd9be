"""How we speak to accounting systems: a folder each, declared in registry.py. Read base.py first."""

import logging

import stamina


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    """A retry is everyday work, so it is told to whoever asks for it; what stays wrong is told by the error that follows.

    Never the call's arguments: a secret may be among them. Left alone, retries would be printed to stdout.
    """
    logging.getLogger(__name__).debug(
        "%s again in %.1f s after %s", details.name, details.wait_for, type(details.caused_by).__name__
    )


stamina.instrumentation.set_on_retry_hooks([_log_retry])
