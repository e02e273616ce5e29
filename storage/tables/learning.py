"""What people corrected, as examples to learn from, and which model is wanted and answers."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from storage.base import Code, Instant, Serial, metadata

learned_examples = Table(
    "learned_example",
    metadata,
    # Nothing here leads to a reporter or a case: the words are masked whatever the mode was.
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("origin", Code, nullable=False),  # citizen | dispatcher | handler
    Column("text", Text, nullable=False),
    Column("said_intent", Code),  # the model's answer; empty where it was not asked
    Column("said_department", Code),
    Column("confidence", Float),
    Column("source", Code, nullable=False),  # rasa | rules | staff | none
    Column("model", Code, nullable=False),
    Column("intent", Code),  # what a person says is right; empty where it was not corrected
    Column("department", Code),
    Column("state", Code, nullable=False),  # proposed | accepted | refused
    Column("created_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(100)),
    Index("ix_learned_example_state", "state", "id"),
)

model_choices = Table(
    "model_choice",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("wanted", Code, nullable=False),  # empty: the model that belongs to the code
    Column("before", Code, nullable=False),  # what was wanted before: the way back
    Column("answering", Code, nullable=False),
    Column("url", String(200), nullable=False),  # where it answers; empty: the settings' address
    Column("note", String(300), nullable=False),  # why a switch did not happen
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(100), nullable=False),
)
