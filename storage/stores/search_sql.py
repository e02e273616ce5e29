"""The statements of ``storage.stores.search`` in each engine's words.

``counted``: how often each query of a JSON list occurs. ``rarest``: the entries with any query of a JSON list
of query and weight, heaviest first. ``some``: entries that one query finds, in no order.
"""

#: A term that more entries than this have is common.
COMMON = 250

_PARTS = {
    "common": str(COMMON),
    "its_row": (
        "LEFT JOIN commitment c ON e.kind = 'commitment' AND c.code = e.code"
        " LEFT JOIN guide g ON e.kind = 'guide' AND g.code = e.code"
    ),
    "allowed": (
        ":kinds LIKE '%,' || e.kind || ',%'"
        " AND ((e.kind = 'guide' AND (g.state = 'published' OR NOT CAST(:public_only AS boolean)))"
        " OR (e.kind = 'commitment' AND (c.public OR NOT CAST(:public_only AS boolean))"
        " AND (CAST(:states AS text) = '' OR CAST(:states AS text) LIKE '%,' || c.state || ',%')"
        " AND (CAST(:department AS text) = '' OR c.department = CAST(:department AS text))))"
    ),
}
_SQLITE = {
    "counted": """
        SELECT asked.value, (
            SELECT count(*) FROM (
                SELECT 1 FROM search_words WHERE search_words MATCH asked.value LIMIT {common}
            ) found
        ) FROM json_each(:asked) asked""",
    "rarest": """
        SELECT e.kind, e.code FROM json_each(:asked) asked
        JOIN search_words ON search_words MATCH json_extract(asked.value, '$.query')
        JOIN search_entry e {its_row} WHERE e.id = search_words.rowid AND {allowed}
        GROUP BY e.kind, e.code ORDER BY sum(json_extract(asked.value, '$.weight')) DESC, e.kind, e.code
        LIMIT :most""",
    "some": """
        SELECT e.kind, e.code FROM search_words
        JOIN search_entry e {its_row}
        WHERE search_words MATCH :asked AND e.id = search_words.rowid AND {allowed}
        LIMIT :most""",
}
_POSTGRESQL = {
    "counted": """
        SELECT asked, (
            SELECT count(*) FROM (
                SELECT 1 FROM search_entry WHERE indexed @@ CAST(asked AS tsquery) LIMIT {common}
            ) found
        ) FROM jsonb_array_elements_text(CAST(:asked AS jsonb)) asked""",
    "rarest": """
        SELECT e.kind, e.code
        FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS asked (query text, weight float)
        CROSS JOIN LATERAL (
            SELECT kind, code FROM search_entry WHERE indexed @@ CAST(asked.query AS tsquery) OFFSET 0
        ) e {its_row}
        WHERE {allowed}
        GROUP BY e.kind, e.code ORDER BY sum(asked.weight) DESC, e.kind, e.code
        LIMIT :most""",
    "some": """
        SELECT e.kind, e.code FROM search_entry e {its_row}
        WHERE e.indexed @@ CAST(CAST(:asked AS text) AS tsquery) AND {allowed}
        LIMIT :most""",
}
STATEMENTS = {
    engine: {name: statement.format(**_PARTS) for name, statement in statements.items()}
    for engine, statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL))
}
"""Engine → name → statement."""
