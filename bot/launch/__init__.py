"""``make run``: the whole of a sample city on this machine, for trying and for development."""
