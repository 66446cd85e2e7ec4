"""The recipe: its stages, the table that orders them, and what has to run again when something has changed."""
