"""What is told outside: made once a quarter, kept for good, and read from a database in which no person has a row.

`make` asks every released question about every released window, protects all answers together (`privacy.book`) and
keeps them; `history` is what was ever told, in the program database; `facts` names what is no fact about a person;
`project` writes the release's own database, which everybody outside is answered from.
"""
