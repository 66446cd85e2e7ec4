"""A small lip reader: what it sees, how it learns, where it hears phones begin, which sentence it reads."""
