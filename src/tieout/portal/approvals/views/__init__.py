"""Pages of approvals: request in, page out. What may happen is in `actions`, `onboarding` and `own_key`."""
