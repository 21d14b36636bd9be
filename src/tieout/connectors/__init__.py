"""How we speak to accounting systems: a folder each, declared in registry.py. Read base.py first."""

import stamina

# Retries are logged the standard way, to stderr. Left alone they would be printed to stdout, where only answers belong.
stamina.instrumentation.set_on_retry_hooks([stamina.instrumentation.LoggingOnRetryHook])
