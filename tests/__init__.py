"""The suite. It is a package so that the tree stands on the path wherever pytest is started."""
