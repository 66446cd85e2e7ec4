"""Corpora as manifests, alignments, arrays and batches."""
