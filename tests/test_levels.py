"""The house: data flows one way, and outside libraries stay in their room."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

# The first name that fits a module tells its level; a module imports lower levels and its own room only.
LEVELS = {
    "bot.types": 0, "bot.errors": 0, "bot.settings": 0,
    "bot.language": 1,
    "bot.corpus": 2,
    "bot.index": 3,
    "bot.answering": 4, "bot.records": 4,
    "bot.chat": 5, "bot.operations": 5,
    "bot.app": 6, "bot.connect": 7,
    "bot.evaluation": 7, "ingest": 7,
    # The front door: its commands are one line each, the work is below.
    "bot.__main__": 8,
}  # fmt: skip
ROOMS = {
    "telegram": {"bot.chat"},
    "chromadb": {"bot.index"}, "model2vec": {"bot.index"}, "sentence_transformers": {"bot.index"},
    "bm25s": {"bot.index"},
    "sqlalchemy": {"bot.records"},
    "openpyxl": {"bot.corpus"}, "docx": {"bot.corpus"}, "pypdfium2": {"bot.corpus"},
    "opencc": {"bot.language"},
    "langsmith": {"bot.answering"}, "pybreaker": {"bot.answering"}, "tenacity": {"bot.answering"},
    "tornado": {"bot.chat"}, "httpx": {"bot.chat", "bot.operations"},
    "prometheus_client": {"bot.operations"},
    "training": set(),
}  # fmt: skip
MODULES = sorted([*Path("bot").rglob("*.py"), Path("ingest.py")])


def name_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    return next((room for room in LEVELS if module == room or module.startswith(room + ".")), None)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module}
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_lower_levels_only(path: Path) -> None:
    room = room_of(name_of(path))
    if name_of(path) == "bot":
        return
    assert room is not None, f"{path} has no level"
    for imported in imports_of(path):
        other = room_of(imported)
        if other is not None and other != room:
            assert LEVELS[other] < LEVELS[room] or LEVELS[room] == 0, f"{path} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_outside_libraries_stay_in_their_room(path: Path) -> None:
    for imported in imports_of(path):
        library = imported.split(".")[0]
        if library in ROOMS:
            assert room_of(name_of(path)) in ROOMS[library], f"{path} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_one_module_speaks_to_language_models(path: Path) -> None:
    chat = {"langchain", "langchain_core.language_models", "langchain_openai", "langsmith"}
    named = {name for name in imports_of(path) for part in chat if name == part or name.startswith(part + ".")}
    assert not named or name_of(path) == "bot.answering.generate.model"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_commands_print(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    prints = any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls)
    assert not prints or LEVELS[room_of(name_of(path)) or ""] >= 7


def test_importing_the_bot_loads_no_model_and_no_heavy_library() -> None:
    code = (
        "import sys, bot.app, bot.answering.pipeline, bot.index.publish, bot.settings\n"
        "bot.app.build(bot.settings.Settings(_env_file=None))\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'telegram', 'chromadb', 'openpyxl', 'docx',\n"
        "    'langchain', 'langchain_openai', 'langsmith', 'openai', 'pybreaker', 'bot.answering.generate'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_question_is_answered_without_torch(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from bot.index.encoder import find_encoder\n"
        "encoder = find_encoder('static')\n"
        "assert encoder.encode_question('fee').shape == (384,)\n"
        "print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False False"
