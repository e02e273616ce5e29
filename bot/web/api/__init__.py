"""The JSON API below ``/api/v1``: one file for each resource, one table of endpoints, one description."""
