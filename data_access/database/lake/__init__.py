"""Past one machine: snapshots in Parquet, and questions answered from them by an engine that speaks Spark Connect."""
