"""A question to an answer; nothing is written, sent or remembered here."""
