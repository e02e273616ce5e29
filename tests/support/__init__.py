"""What the tests stand on: databases, a clock, Rasa, a browser, the service as processes."""
