"""What every page is made of: headings, tables, figures, downloads, theme and the shared charts."""
