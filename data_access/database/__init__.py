"""The database: engine, schema, column types, portable SQL, bulk writing, the read copy."""
