"""What every door shares: keys, problem documents, middlewares, sessions, CSRF, tokens, page rendering."""
