"""Attachments: looked into, cleaned of what their makers did not mean to tell, kept under random names."""

from bot.files.room import FileGone, FileRoom, FilesAway, Stored, open_room
from bot.files.sniff import LIMITS, FileRefused

__all__ = ["LIMITS", "FileGone", "FileRefused", "FileRoom", "FilesAway", "Stored", "open_room"]
