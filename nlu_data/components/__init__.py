"""Components of this project's own in Rasa's pipeline."""
