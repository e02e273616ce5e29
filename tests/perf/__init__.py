"""Benchmarks: ``make bench``. Not part of the test suite; nothing here asserts a time."""
