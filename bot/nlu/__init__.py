"""Understanding of messages: Rasa over HTTP, and rules that answer while Rasa is away."""
