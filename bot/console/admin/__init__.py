"""Pages of administrators: units, people, rules, calendar, menu, how it all stands, and the log of it."""
