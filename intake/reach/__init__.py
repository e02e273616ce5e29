"""How staff are reached besides the console: what each chose, the binding of a WeChat, units' robots."""
