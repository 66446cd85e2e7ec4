"""Measures, control rows, tables and contact sheets."""
