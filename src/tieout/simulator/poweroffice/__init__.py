"""PowerOffice Go API v2 as a client meets it: gateway, tokens, onboarding, lists. Over HTTP only, from books."""
