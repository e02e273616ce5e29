"""What administrators change: units, people, rules, the menu; and the log of it."""
