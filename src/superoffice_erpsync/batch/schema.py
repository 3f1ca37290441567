"""The tables of a journal, and what tells a journal from other files."""

from __future__ import annotations

APPLICATION_ID = 0x45725342
"""In the file's head: tells other programs, and this one, what the file is."""
FORMAT = 1
"""The version of these tables."""

TABLES = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    address TEXT NOT NULL,
    operation TEXT NOT NULL,
    connection_id INTEGER NOT NULL,
    actor_type TEXT,
    blank_values TEXT NOT NULL,
    preflight INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    planned_at TEXT,
    source TEXT,
    digest TEXT,
    duplicates INTEGER NOT NULL DEFAULT 0,
    bisect_calls INTEGER,
    seconds REAL NOT NULL DEFAULT 0,
    stopped_because TEXT,
    stop_explanation TEXT,
    holder_pid INTEGER,
    holder_host TEXT,
    holder_since TEXT
);

-- A chunk is the keys from first to last, without those that have a state of their own.
CREATE TABLE chunk (
    number INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES chunk,
    depth INTEGER NOT NULL DEFAULT 0,
    bisected INTEGER NOT NULL DEFAULT 0,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    keys INTEGER NOT NULL CHECK (keys > 0),
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'done', 'refused', 'failed', 'unknown', 'split')),
    lost INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    sent_at TEXT,
    answered_at TEXT,
    seconds REAL,
    explanation TEXT,
    code TEXT,
    error TEXT,
    outcome TEXT,
    changes TEXT
);
CREATE INDEX chunk_to_send ON chunk (state, depth, tries, number);

CREATE TABLE key (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    line INTEGER NOT NULL,
    state TEXT CHECK (state = 'left_out'),
    explanation TEXT,
    fields TEXT
);
CREATE INDEX key_left_out ON key (number) WHERE state IS NOT NULL;

CREATE TABLE bad_key (
    line INTEGER NOT NULL,
    text TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- For whoever looks into the file with another program.
CREATE VIEW key_fate AS
    SELECT key.key, key.line, chunk.number AS chunk, chunk.state, chunk.explanation, chunk.code, NULL AS fields
    FROM chunk JOIN key ON key.number BETWEEN chunk.first AND chunk.last AND key.state IS NULL
    WHERE chunk.state <> 'split'
    UNION ALL
    SELECT key, line, NULL, state, explanation, NULL, fields FROM key WHERE state IS NOT NULL;
"""
