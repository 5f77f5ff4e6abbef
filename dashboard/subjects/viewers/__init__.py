"""Who may look: the accounts and their roles."""
