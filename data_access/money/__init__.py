"""Money: exchange rates, and the ledger of what was requested, approved and paid."""
