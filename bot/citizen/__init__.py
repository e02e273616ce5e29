"""Pages for citizens, opened from WeChat."""
