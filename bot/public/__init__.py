"""What everyone may read, without signing in."""
