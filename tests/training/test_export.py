from pathlib import Path

import numpy as np
import pytest

from bot.index.transformer import OnnxEmbeddings

TEXTS = ["what is the fee?", "ڈپلومہ کی فیس کتنی ہے؟", "学费是多少？", "", "a long one " * 60]


@pytest.mark.filterwarnings("ignore")  # the exporter of torch has its own
def test_the_graph_says_what_sentence_transformers_says(tmp_path: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

    from training.export import export
    from training.wordpieces import SPECIAL, assemble

    torch.manual_seed(1)
    letters = sorted(set("".join(TEXTS)) - {" "})
    pieces = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters)]
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128
    )
    body = BertModel(config)
    body.train(False)
    export(body.embeddings.word_embeddings.weight.detach(), body, assemble(pieces), tmp_path)
    expected = SentenceTransformer(str(tmp_path), device="cpu").encode(TEXTS)
    found = np.asarray(OnnxEmbeddings(tmp_path).embed_documents(TEXTS))
    assert (found * expected).sum(axis=1).min() >= 0.999
