"""What a row of the table is, found from the table alone before any question: `Rows` knows it."""
