"""The web: the application and its doors."""
