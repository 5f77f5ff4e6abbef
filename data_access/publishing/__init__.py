"""What the public may know, as a database of its own: suppressed aggregates, definitions and texts, and nothing else.

`collect` asks the program database once, in one transaction, with the public's scope; `database` makes the file;
`reader` opens it; `history` looks for what several publications together would give away; `changes` says what is new;
`folder` swaps a finished site in; `manifest` proves that nobody changed it.

What is counted as people: attendance (visits), talks, materials, contributors, members, speakers, people who speak a
language. Each is published as a range by the privacy engine (`data_access.privacy`), for whole quarters or years that
are over. Numbers of events are no counts of people: an event was announced with its place and day to whoever might
come, so that it was held says nothing of anybody that was not public. Who held it, who came and who was paid is not
published.

Money is published as a range too: of at least `min_group_size` members, and at least as wide as what any member was
paid in one of its spans. So nobody learns what a member was paid from a total, by taking away what they know, or by
comparing two publications.

Periods never overlap: quarters, calendar years of cohorts, spans of quarters for money. Longer periods are sums of what
is published, so that adding and taking away finds nothing new.
"""
