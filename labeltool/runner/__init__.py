"""How many cases get graded: what runs, how many at once, what is kept of it."""
