"""One module for each corpus: its layout, its words, its known faults, read into a manifest."""
