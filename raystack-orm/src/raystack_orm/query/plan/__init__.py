"""Plans: SQL that is compiled once for each shape of a query."""
