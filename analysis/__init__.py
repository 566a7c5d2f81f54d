"""Measuring demand: pure functions from DataFrame to DataFrame, one door, `analysis.run.measure`."""
