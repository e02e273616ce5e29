"""The conversation with citizens: what they say in, what the office answers out. No network, no commit."""
