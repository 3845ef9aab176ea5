"""Every setting, read once from the environment and `.env`, checked before anything starts."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError


def _check_url(value: str) -> str:
    try:
        _ = urlsplit(value).port
    except ValueError:
        raise ValueError("give a port from 1 to 65535, as in http://127.0.0.1:8081") from None
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
        raise ValueError("give an address like http://127.0.0.1:8081")
    return value.rstrip("/")


def _check_timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("give a zone's name like Asia/Karachi")
    return value


def _check_token(value: SecretStr) -> SecretStr:
    number, _, secret = value.get_secret_value().partition(":")
    if not number.isdigit() or not secret or any(character.isspace() for character in secret):
        raise ValueError("copy the whole token from @BotFather, like 123456:ABC-DEF")
    return value


def _check_chat(value: int) -> int:
    if value == 0:
        raise ValueError("give the number that /id answers in the staff's chat, like -1001234567890")
    return value


def _check_model(value: str) -> str:
    provider, _, model = value.partition(":")
    if not provider.replace("_", "").isalnum() or not model or any(character.isspace() for character in value):
        raise ValueError("give provider:model, like openai:deepseek-chat")
    return value


def _check_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError("use 1 to 256 of the letters A-Z and a-z, digits, _ and -, as Telegram asks")
    return value


Url = Annotated[str, AfterValidator(_check_url)]
Token = Annotated[SecretStr, AfterValidator(_check_token)]
Chat = Annotated[int, AfterValidator(_check_chat)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_check_secret)]
Port = Annotated[int, Field(ge=1, le=65535)]
Timezone = Annotated[str, AfterValidator(_check_timezone)]
ModelName = Annotated[str, AfterValidator(_check_model)]


def _check_database(value: str) -> str:
    """Return the address of a database, one that a provider writes for PostgreSQL with the driver that is used here."""
    scheme, mark, rest = value.partition("://")
    if not mark or scheme.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("give postgresql+psycopg://user:secret@host/name, or leave it empty for SQLite in DATA_DIR")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else value


Database = Annotated[str, AfterValidator(_check_database)]


class Settings(BaseSettings):
    """All that can be set from outside. Frozen; an empty value counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_bot_token: Token | None = None
    telegram_api_url: Url | None = None
    webhook_url: Url | None = None
    webhook_port: Port = 8080
    webhook_secret: WebhookSecret | None = None
    knowledge_dir: Path = Path("knowledge")
    data_dir: Path = Path("var")
    encoder: str = "shipped"
    chroma_url: Url | None = None
    database_url: Database | None = None
    staff_chat_id: Chat | None = None
    llm_model: ModelName | None = None
    llm_base_url: Url | None = None
    llm_api_key: SecretStr | None = None
    llm_seconds: float = Field(default=20.0, ge=1.0, le=120.0)
    llm_tokens_a_day: int = Field(default=1_000_000, ge=1_000)
    llm_calls_an_hour: int = Field(default=60, ge=1)
    transcribe_model: str | None = None
    timezone: Timezone = "Asia/Karachi"
    retention_days: int = Field(default=30, ge=1, le=3650)
    metrics_port: Port | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("transcribe_model")
    @classmethod
    def _find_service(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Refuse a model for voices where the key would go to OpenAI and is another provider's."""
        provider = (info.data.get("llm_model") or "openai:").partition(":")[0]
        if value and provider != "openai" and not info.data.get("llm_base_url"):
            raise ValueError(
                f"{provider} writes no voices down this way; set LLM_BASE_URL to a service that speaks OpenAI's way, "
                "or leave TRANSCRIBE_MODEL empty"
            )
        return value

    @model_validator(mode="after")
    def _keep_apart(self) -> Self:
        """Refuse a place for the index where the next ingest would read it as knowledge."""
        knowledge, data = self.knowledge_dir.resolve(), self.data_dir.resolve()
        inside = data.relative_to(knowledge).parts if data.is_relative_to(knowledge) else ("_",)
        if not any(part.startswith(("_", ".")) for part in inside):
            raise ValueError("it lies in KNOWLEDGE_DIR and would be read as knowledge; give a folder outside of it")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days end."""
        return ZoneInfo(self.timezone)

    @property
    def records_url(self) -> str:
        """Where chats are remembered, as a SQLAlchemy address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'records.sqlite').absolute()}"

    def list_secrets(self) -> list[str]:
        """Return the values that nobody who asks may ever read."""
        keys = [key.get_secret_value() for key in (self.telegram_bot_token, self.llm_api_key) if key]
        addresses = [self.database_url, self.chroma_url, self.llm_base_url, self.telegram_api_url, self.llm_model]
        return [*keys, *(part for key in keys for part in key.split(":")[1:]), *(text for text in addresses if text)]


def load_settings(**overrides: object) -> Settings:
    """Return the settings of the environment and `.env`; `overrides` are what the command line gives.

    Raises SettingsError naming every bad setting with its remedy, never its value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        # Only what is wrong between settings has no place of its own: the data folder inside the knowledge.
        lines = [f"{str((*fault['loc'], 'data_dir')[0]).upper()}: {_remedy(fault)}" for fault in error.errors()]
        raise SettingsError("Bad setting. " + "; ".join(lines)) from None


def _remedy(fault: ErrorDetails) -> str:
    """Return what to write instead."""
    limits = fault.get("ctx", {})
    match fault["type"]:
        case "int_parsing" | "int_from_float" | "float_parsing":
            return "write a number in digits"
        case "greater_than_equal":
            return f"write a number from {limits['ge']} on"
        case "less_than_equal":
            return f"write a number up to {limits['le']}"
        case "literal_error":
            return f"write one of {limits['expected']}"
        case _:
            return fault["msg"].removeprefix("Value error, ")
