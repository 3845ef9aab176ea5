import json
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from bot.errors import EncoderError
from bot.index.encoder import SHIPPED, Encoder, find_encoder
from bot.index.static import STATIC, is_static

TEXTS = [
    "What is the fee?",
    "فیس کتنی ہے؟",
    "学费是多少？",
    "fees kitni hai",
    "Привет ☃ emoji 🎉 unknown pieces",
    "☃🎉",
    "G-II و HSK 3 报名",
    "a long one " * 400,
    "",
]


@pytest.fixture(scope="module")
def small_transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A one-layer sentence transformer with random weights and prompts, as a folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "fee", "what", "is", "the", "?"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(folder / "bert")
    module = Transformer(str(folder / "bert"))
    prompts = {"query": "query: ", "document": "passage: "}
    SentenceTransformer(modules=[module, Pooling(16)], prompts=prompts, device="cpu").save(str(folder / "small"))
    return folder / "small"


def test_the_shipped_encoders_need_at_most_130_mb() -> None:
    assert sum(path.stat().st_size for path in STATIC.iterdir()) <= 56e6
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 130e6


def test_both_libraries_load_the_shipped_encoder_to_the_same_vectors() -> None:
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

    one = np.asarray(StaticModel.from_pretrained(STATIC).encode(TEXTS))
    other = np.asarray(SentenceTransformer(str(STATIC), device="cpu").encode(TEXTS))
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert np.linalg.norm(one[0]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", ["shipped", "static"])
def test_questions_near_in_meaning_are_near_across_writings(name: str) -> None:
    encoder = find_encoder(name)
    english, urdu, chinese, roman, other = encoder.encode_passages(
        ["What is the fee?", "فیس کتنی ہے؟", "学费是多少？", "fees kitni hai", "The library closes at night"]
    )
    for same in (urdu, chinese, roman):
        assert english @ same > english @ other + 0.2


@pytest.mark.parametrize(("typed", "stored"), [("داخله كب", "داخلہ کب"), ("報名時間", "报名时间"), ("ＦＥＥ", "fee")])
def test_variants_have_the_same_vector(typed: str, stored: str) -> None:
    encoder = find_encoder("shipped")
    np.testing.assert_array_equal(encoder.encode_question(typed), encoder.encode_question(stored))


def test_the_tokenizer_folds_letters_by_itself() -> None:
    encoder = find_encoder("static")
    embed = encoder.model.embed_query
    np.testing.assert_allclose(embed("آپ كا داخله ۲۰۲۶ جاۓ"), embed("اپ کا داخلہ 2026 جایے"), atol=1e-6)


def test_any_other_model_goes_through_sentence_transformers_with_its_prompts(small_transformer: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = find_encoder(str(small_transformer))
    plain = SentenceTransformer(str(small_transformer), device="cpu")
    assert isinstance(encoder.model, Embeddings)
    question = plain.encode("query: what is the fee ?", normalize_embeddings=True)
    passage = plain.encode("passage: what is the fee ?", normalize_embeddings=True)
    assert not np.allclose(question, passage)
    np.testing.assert_allclose(encoder.encode_question("What is the fee ?"), question, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(["What is the fee ?"])[0], passage, atol=1e-5)


def test_weights_tell_models_apart(small_transformer: Path) -> None:
    weights = {find_encoder(name).weights for name in ("shipped", "static", str(small_transformer))}
    assert len(weights) == 3
    assert find_encoder(str(SHIPPED)).weights == find_encoder("shipped").weights
    assert is_static(STATIC)
    assert not is_static(small_transformer)


def test_a_model_in_the_hubs_cache_is_used_without_the_hub(
    small_transformer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    repository = tmp_path / "models--alliance--small"
    (repository / "snapshots").mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc", encoding="utf-8")
    (repository / "snapshots" / "abc").symlink_to(small_transformer)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    encoder = find_encoder("alliance/small")
    assert encoder.name == "alliance/small"
    assert encoder.encode_question("fee").shape == (16,)


def test_a_name_that_leads_nowhere_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match="leave ENCODER empty"):
        find_encoder("nobody/nothing")


def test_a_broken_folder_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "model2vec"}), encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder("broken", tmp_path).encode_question("fee")
