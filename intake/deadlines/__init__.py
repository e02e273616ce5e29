"""Limits in working days and hours, as explained dates (domain 4)."""
