"""The report: composed once as plain data, written as PDF, page and slides, and checked against the data later."""
