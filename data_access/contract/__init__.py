"""The data contract: tables, columns, kinds and words that importer, schema and sample read."""
