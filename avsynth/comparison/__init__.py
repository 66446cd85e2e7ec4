"""Finished experiments side by side, and beside what the paper prints."""
