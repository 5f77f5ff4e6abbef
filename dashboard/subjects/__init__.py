"""One folder for each subject, with the same names in all: words, panel, tables, forms, charts."""
