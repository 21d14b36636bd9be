"""Accounting firms: with the firm's own key its clients are listed, and connected with one yes. Off until a firm's key is set."""
