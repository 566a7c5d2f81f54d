"""Showing demand: the report, the explorer and the exports."""
