"""The tables, and the numbered steps that bring an older database up to them."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Date, Float, Integer, MetaData, String, Table, Text, select, text

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))
secrets = Table("secrets", metadata, Column("name", String(32), primary_key=True), Column("value", String(64)))
# A chat's id is never stored, only its keyed hash.
chats = Table("chats", metadata, Column("chat", String(64), primary_key=True), Column("language", String(8)))
# Updates that were fetched and not answered yet. `starts` counts how often a later run began them.
pending = Table(
    "pending",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("starts", Integer, nullable=False),
)
handled = Table(
    "handled",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("at", Float, nullable=False, index=True),
)
counts = Table(
    "counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)
gaps = Table(
    "gaps",
    metadata,
    Column("day", Date, nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("question", Text, nullable=False),
)

# How often an entry's answer was found good and bad, without who said so.
feedback = Table(
    "feedback",
    metadata,
    Column("day", Date, primary_key=True),
    Column("entry", String(512), primary_key=True),
    Column("good", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
)

# Step n brings version n-1 to n. A step that has been released is never changed: its words are frozen here.
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE secrets (name VARCHAR(32) PRIMARY KEY, value VARCHAR(64))",
        "CREATE TABLE chats (chat VARCHAR(64) PRIMARY KEY, language VARCHAR(8))",
        "CREATE TABLE pending (update_id BIGINT PRIMARY KEY, digest VARCHAR(64) NOT NULL, body TEXT NOT NULL, "
        "starts INTEGER NOT NULL)",
        "CREATE TABLE handled (update_id BIGINT PRIMARY KEY, digest VARCHAR(64) NOT NULL, at FLOAT NOT NULL)",
        "CREATE INDEX handled_at ON handled (at)",
        "CREATE TABLE counts (day DATE, language VARCHAR(8), outcome VARCHAR(16), number INTEGER NOT NULL, "
        "PRIMARY KEY (day, language, outcome))",
        "CREATE TABLE gaps (day DATE NOT NULL, language VARCHAR(8) NOT NULL, question TEXT NOT NULL)",
        "CREATE INDEX gaps_day ON gaps (day)",
    ),
    (
        "CREATE TABLE feedback (day DATE, entry VARCHAR(512), good INTEGER NOT NULL, bad INTEGER NOT NULL, "
        "PRIMARY KEY (day, entry))",
    ),
)


def migrate(connection: Connection) -> None:
    """Bring the database to the newest version, in the caller's transaction."""
    schema_version.create(connection, checkfirst=True)
    version = connection.scalar(select(schema_version.c.version)) or 0
    for step in MIGRATIONS[version:]:
        for statement in step:
            connection.execute(text(statement))
    if version < len(MIGRATIONS):
        connection.execute(schema_version.delete())
        connection.execute(schema_version.insert().values(version=len(MIGRATIONS)))
