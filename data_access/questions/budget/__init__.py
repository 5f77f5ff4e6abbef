"""Questions about budgets, ceilings, burn and cost."""
