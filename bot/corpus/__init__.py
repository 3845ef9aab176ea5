"""From the folder that staff edit to entries and chunks, with every problem of the folder told at once."""

from bot.corpus.chunks import CHUNKER_VERSION, chunk_entries, text_hash
from bot.corpus.reading import knowledge_files, read_corpus

__all__ = ["CHUNKER_VERSION", "chunk_entries", "knowledge_files", "read_corpus", "text_hash"]
