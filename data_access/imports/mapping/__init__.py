"""Any table: what it is likely to hold, which of its columns is which, and its rows as rows of the contract."""
