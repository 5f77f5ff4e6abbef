"""What the public may know, as a database of its own: the newest release, definitions and texts, and nothing else.

`collect` asks the release's database, in one transaction, with the public's scope; `people` takes what was released of
people; `database` makes the file; `reader` opens it, and those of older formats; `folder` swaps a finished site in;
`manifest` proves that nobody changed it.

A publication is a part of the release: it holds nothing that is not released to everybody outside, protects nothing by
itself and remembers nothing. What was told of people and money, and how it is protected together with all that was told
before, is kept by `data_access.release` and `data_access.privacy`.

Numbers of events, visits and materials are no counts of people: an event was announced with its place and day to
whoever might come, and its own page says how many did.
"""
