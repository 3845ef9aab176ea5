"""The tables, and the numbered steps that bring an older database up to them."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Date, Float, Integer, MetaData, String, Table, Text, select, text

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))
secrets = Table("secrets", metadata, Column("name", String(32), primary_key=True), Column("value", String(64)))
# A chat's id is never stored, only its keyed hash.
chats = Table("chats", metadata, Column("chat", String(64), primary_key=True), Column("language", String(8)))
# Updates that were fetched and not answered yet. `starts` counts how often a later run began them; `message_id` is of
# the message that shows a part of the answer.
pending = Table(
    "pending",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("message_id", BigInteger),
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
    # The keyed hash of whoever asked, so that /forget finds it; None where an older version kept it.
    Column("asker", String(64), index=True),
)
# The messages of the staff's chat that show questions of `gaps`, and whose: what is deleted there is taken back here.
gap_pages = Table(
    "gap_pages",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("asker", String(64), primary_key=True),
    Column("day", Date, nullable=False),
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

# What was wrong with an answer that was found bad, as buttons and in a few words, without a name.
reasons = Table(
    "reasons",
    metadata,
    Column("day", Date, primary_key=True),
    Column("entry", String(512), primary_key=True),
    Column("reason", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)
notes = Table(
    "notes",
    metadata,
    Column("day", Date, nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("entry", String(512), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("asker", String(64), index=True),
)
# The one table that holds a chat's id as it is, since a reminder must reach somebody: a row goes when it was sent.
# `starts` counts how often it was about to be sent.
reminders = Table(
    "reminders",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", String(512), primary_key=True),
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("days", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
)
# Questions handed to people. The chat's id stands here alone: a reply must reach somebody.
cases = Table(
    "cases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("message_id", BigInteger),
    Column("language", String(8), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("name", Text),
    Column("staff_message_id", BigInteger),
    Column("silent_at", Float),
    Column("is_answered", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("at", Float, nullable=False),
)
# The last number given to a case: one is never given twice.
case_numbers = Table("case_numbers", metadata, Column("last", Integer, nullable=False))
# Messages of a case that were passed on from one side to the other, under the keyed hashes of the chats they came from
# and went to: a staff's chat that is moved numbers its messages anew. None where an older version passed them on.
case_messages = Table(
    "case_messages",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, index=True),
    Column("copy_id", BigInteger, primary_key=True, autoincrement=False),
    Column("by_staff", Integer, nullable=False),
    Column("copied_to", String(64)),
)
# How many tokens of a language model a day took.
llm_usage = Table(
    "llm_usage", metadata, Column("day", Date, primary_key=True), Column("tokens", BigInteger, nullable=False)
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
    (
        "CREATE TABLE reasons (day DATE, entry VARCHAR(512), reason VARCHAR(16), number INTEGER NOT NULL, "
        "PRIMARY KEY (day, entry, reason))",
        "CREATE TABLE notes (day DATE NOT NULL, language VARCHAR(8) NOT NULL, entry VARCHAR(512) NOT NULL, "
        "reason VARCHAR(16) NOT NULL, words TEXT NOT NULL)",
        "CREATE INDEX notes_day ON notes (day)",
        "CREATE TABLE reminders (chat BIGINT, entry VARCHAR(512), title TEXT NOT NULL, language VARCHAR(8) NOT NULL, "
        "days INTEGER NOT NULL, starts INTEGER NOT NULL, PRIMARY KEY (chat, entry))",
    ),
    (
        "CREATE TABLE cases (number INTEGER PRIMARY KEY, state VARCHAR(8) NOT NULL, chat_id BIGINT NOT NULL, "
        "message_id BIGINT, language VARCHAR(8) NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, name TEXT, "
        "staff_message_id BIGINT, silent_at FLOAT, is_answered INTEGER NOT NULL, day DATE NOT NULL, at FLOAT NOT NULL)",
        "CREATE INDEX cases_chat_id ON cases (chat_id)",
        "CREATE TABLE case_numbers (last INTEGER NOT NULL)",
        "CREATE TABLE case_messages (chat VARCHAR(64), message_id BIGINT, number INTEGER NOT NULL, "
        "copy_id BIGINT, by_staff INTEGER NOT NULL, PRIMARY KEY (chat, message_id, copy_id))",
        "CREATE INDEX case_messages_number ON case_messages (number)",
    ),
    ("CREATE TABLE llm_usage (day DATE PRIMARY KEY, tokens BIGINT NOT NULL)",),
    ("ALTER TABLE case_messages ADD COLUMN copied_to VARCHAR(64)",),
    ("ALTER TABLE pending ADD COLUMN message_id BIGINT",),
    (
        "ALTER TABLE gaps ADD COLUMN asker VARCHAR(64)",
        "CREATE INDEX gaps_asker ON gaps (asker)",
        "ALTER TABLE notes ADD COLUMN asker VARCHAR(64)",
        "CREATE INDEX notes_asker ON notes (asker)",
        "CREATE TABLE gap_pages (chat VARCHAR(64), message_id BIGINT, asker VARCHAR(64), day DATE NOT NULL, "
        "PRIMARY KEY (chat, message_id, asker))",
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
