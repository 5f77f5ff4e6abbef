"""The static site: everything that is published as one page that needs no server, and no JavaScript to be read."""
