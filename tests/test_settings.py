from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"


def test_defaults_work_without_any_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert (settings.knowledge_dir, settings.data_dir, settings.encoder) == (Path("knowledge"), Path("var"), "shipped")
    assert settings.telegram_bot_token is None
    assert settings.records_url.startswith("sqlite:///")


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DATA_DIR=from-file\nKNOWLEDGE_DIR=from-file\nENCODER=\n", encoding="utf-8")
    monkeypatch.setenv("DATA_DIR", "from-environment")
    settings = load_settings()
    assert (str(settings.data_dir), str(settings.knowledge_dir)) == ("from-environment", "from-file")
    assert settings.encoder == "shipped"
    assert load_settings(data_dir="from-command").data_dir == Path("from-command")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("TELEGRAM_BOT_TOKEN", "secret-nonsense", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123:with space", "@BotFather"),
        ("TELEGRAM_API_URL", "localhost:8081", "address like http"),
        ("CHROMA_URL", "ftp://host", "address like http"),
        ("STAFF_CHAT_ID", "@office", "in digits"),
        ("STAFF_CHAT_ID", "0", "/id"),
        ("TIMEZONE", "Karachi", "Asia/Karachi"),
        ("WEBHOOK_URL", "bot.example.org", "address like http"),
        ("WEBHOOK_PORT", "0", "from 1 on"),
        ("WEBHOOK_SECRET", "with space", "A-Z"),
        ("METRICS_PORT", "http", "in digits"),
        ("RETENTION_DAYS", "soon", "in digits"),
        ("RETENTION_DAYS", "0", "write a number from 1"),
        ("RETENTION_DAYS", "99999", "up to 3650"),
        ("DATABASE_URL", "mysql://host/name", "postgresql+psycopg://"),
        ("DATABASE_URL", "records.sqlite", "postgresql+psycopg://"),
        ("DATA_DIR", "knowledge/var", "outside of it"),
        ("LOG_LEVEL", "LOUD", "'INFO'"),
        ("LLM_MODEL", "deepseek-chat", "provider:model"),
        ("LLM_MODEL", "openai:", "provider:model"),
        ("LLM_BASE_URL", "localhost:11434", "address like http"),
        ("LLM_SECONDS", "0", "write a number from 1"),
        ("LLM_TOKENS_A_DAY", "-1", "write a number from 1000"),
        ("LLM_CALLS_AN_HOUR", "many", "in digits"),
    ],
)
def test_a_bad_value_is_named_with_its_remedy_and_not_shown(
    name: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name in str(caught.value)
    assert remedy in str(caught.value)
    assert value not in str(caught.value).replace(name, "") or name != "TELEGRAM_BOT_TOKEN"


@pytest.mark.parametrize(
    ("model", "address", "is_good"),
    [
        ("anthropic:claude-haiku-4-5", None, False),
        ("ollama:qwen3", None, False),
        ("ollama:qwen3", "http://127.0.0.1:11434/v1", True),
        ("openai:gpt-5-mini", None, True),
        (None, None, True),
    ],
)
def test_a_key_is_not_sent_to_another_providers_service_for_voices(
    model: str | None, address: str | None, *, is_good: bool
) -> None:
    given = {"llm_model": model, "llm_base_url": address, "llm_api_key": "sk-123456", "transcribe_model": "whisper-1"}
    if is_good:
        assert load_settings(**given).transcribe_model == "whisper-1"
        return
    with pytest.raises(SettingsError, match=r"TRANSCRIBE_MODEL: .*set LLM_BASE_URL") as caught:
        load_settings(**given)
    assert "sk-123456" not in str(caught.value)


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Nowhere")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError, match=r"TIMEZONE.*LOG_LEVEL"):
        load_settings()


def test_settings_are_frozen_and_hide_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    settings = load_settings()
    assert TOKEN not in repr(settings)
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    with pytest.raises(ValueError, match="frozen"):
        settings.data_dir = Path("elsewhere")
    assert isinstance(settings, Settings)


def test_what_nobody_may_read_is_listed_and_hidden() -> None:
    settings = load_settings(
        telegram_bot_token=TOKEN, llm_api_key="sk-123456", database_url="postgresql+psycopg://u:p@h/d"
    )
    assert {TOKEN, TOKEN.split(":")[1], "sk-123456", "postgresql+psycopg://u:p@h/d"} <= set(settings.list_secrets())
    assert "sk-123456" not in repr(settings)


def test_a_providers_address_of_postgresql_gets_the_driver_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@host/name")
    assert load_settings().records_url == "postgresql+psycopg://user:secret@host/name"


def test_a_folder_that_is_no_knowledge_may_hold_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "knowledge/_index")
    assert load_settings().data_dir == Path("knowledge/_index")
