"""Reminders: planned on the clock, fired once, gathered into one digest for each person (domain 4)."""
