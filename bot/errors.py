"""What can go wrong, as one tree. Every message says what is wrong and how to mend it.

RahnumaError
├── SettingsError        a setting has a value that cannot be used
├── KnowledgeError       the folder cannot be read at all
├── EncoderError         the encoder cannot be loaded
├── IngestBusyError      another ingest is writing
├── RecordsError         the database cannot be read or written
├── CasesError           a file of question cases cannot be used
├── ModelError           the language model gave no reply
├── TelegramError        Telegram cannot be reached or refuses the token
└── IndexUnavailableError
    ├── IndexMissingError    nothing was published yet
    └── IndexMismatchError   made with another encoder, normaliser, chunker or format
"""


class RahnumaError(Exception):
    """Anything that is told to the person at the terminal in one line instead of a traceback."""


class SettingsError(RahnumaError):
    """A setting has a value that cannot be used."""


class KnowledgeError(RahnumaError):
    """The knowledge folder cannot be read at all."""


class EncoderError(RahnumaError):
    """The encoder cannot be loaded."""


class IngestBusyError(RahnumaError):
    """Another ingest is writing to the same data folder."""


class RecordsError(RahnumaError):
    """The database cannot be read or written."""


class CasesError(RahnumaError):
    """A file of question cases cannot be used."""


class IndexUnavailableError(RahnumaError):
    """There is no index that could answer."""


class IndexMissingError(IndexUnavailableError):
    """Nothing was published yet."""


class IndexMismatchError(IndexUnavailableError):
    """The published index was made with another encoder, normaliser, chunker or format."""


class ModelError(RahnumaError):
    """The language model gave no reply; the text is one word on why."""


class TelegramError(RahnumaError):
    """Telegram cannot be reached, or refuses the token."""
