"""Whole faces: finding and following one, and setting the mouth into it."""
