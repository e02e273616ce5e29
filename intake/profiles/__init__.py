"""Jurisdiction profiles: which units a city has, what they do, and which limits bind them."""

from intake.profiles.schema import Department, Place, Profile, ProfileFaults, Rules, load_profile

__all__ = ["Department", "Place", "Profile", "ProfileFaults", "Rules", "load_profile"]
