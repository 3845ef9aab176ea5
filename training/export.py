"""Write the transformer in the form that is shipped: a folder for sentence-transformers with an ONNX graph beside.

    python -m training.export CHECKPOINT --work DIR --static DIR --out DIR

does for any checkpoint what `training.questions` does at its end.

The weights are stored as float16 (`model.safetensors`). The graph (`model.onnx`) reads its table of pieces out of that
same file, so that the largest part is on disk once and in memory only where it is touched; its matrices are int8 with
a scale for each block, its activations are quantised as they come.
"""

import argparse
import json
import struct
import tempfile
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from training.student import load_or_start, load_weights
from training.wordpieces import MAX_PIECES

# A scale for each 32 weights: one a column was seen to cost up to two points of cosine.
_BLOCK = 32
_INT8_ACTIVATIONS = 4
_TABLE = "embeddings.word_embeddings.weight"


def main() -> None:
    """Export from the command line."""
    parser = argparse.ArgumentParser(description="Export a checkpoint of the transformer.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--static", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    tokenizer, student = load_or_start({}, arguments.static, arguments.work)
    state = load_weights(student, arguments.checkpoint)
    export(student.table(), student.body, tokenizer, arguments.out)
    print(f"step {state['step']:,} written to {arguments.out}")


def export(table: Tensor, body: BertModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Write a model of `body`'s layers over the piece vectors of `table` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = BertConfig(**(body.config.to_dict() | {"vocab_size": len(table), "dtype": "float32"}))
    model = BertModel(config)
    layers = {name: value for name, value in body.state_dict().items() if name in model.state_dict() and name != _TABLE}
    # Rounded before anything is written, so that both forms hold the same numbers.
    state = {name: value.half() for name, value in ({_TABLE: table} | layers).items()}
    state = {name: value.contiguous() for name, value in state.items() if not name.endswith("_ids")}
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=False)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.enable_truncation(MAX_PIECES)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    for name, content in _describe(config).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _write_graph(model.eval(), folder)


def _describe(config: BertConfig) -> dict[str, object]:
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    package = "sentence_transformers.models"
    return {
        "config.json": {name: value for name, value in config.to_dict().items() if not name.startswith("_")}
        | {"architectures": ["BertModel"], "dtype": "float32"},
        "tokenizer_config.json": special
        | {"mask_token": "[MASK]", "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_PIECES},
        "sentence_bert_config.json": {"max_seq_length": MAX_PIECES, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{package}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{package}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{package}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": config.hidden_size,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
    }


class _Whole(nn.Module):
    """From ids and mask to unit vectors, in one graph."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask[..., None].to(hidden.dtype)
        return functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)


def _write_graph(model: BertModel, folder: Path) -> None:
    table = model.embeddings.word_embeddings.weight.detach()
    # A table of two rows stands in while the graph is made: the true one stays in model.safetensors.
    model.embeddings.word_embeddings = nn.Embedding.from_pretrained(table[:2].clone())
    model.set_attn_implementation("eager")
    sample = (torch.tensor([[0, 1, 1], [0, 1, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]]))
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made) / "whole.onnx"
        torch.onnx.export(
            _Whole(model),
            sample,
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={name: {0: "texts", 1: "pieces"} for name in ("input_ids", "attention_mask")}
            | {"vectors": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        quantiser = MatMulNBitsQuantizer(
            onnx.load(whole), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=_INT8_ACTIVATIONS
        )
    quantiser.process()
    graph = quantiser.model.model
    _share_table(graph, folder / "model.safetensors", tuple(table.shape))
    onnx.save(graph, folder / "model.onnx")


def _share_table(graph: onnx.ModelProto, weights: Path, shape: tuple[int, ...]) -> None:
    """Make the graph read its piece vectors from the float16 table in `weights`."""
    with weights.open("rb") as stream:
        size = struct.unpack("<Q", stream.read(8))[0]
        place = json.loads(stream.read(size))[_TABLE]
    begin, end = place["data_offsets"]
    stand_in = next(one for one in graph.graph.initializer if one.name.endswith("word_embeddings.weight"))
    lookup = next(node for node in graph.graph.node if node.op_type == "Gather" and stand_in.name in node.input)
    found = lookup.output[0]
    stand_in.CopyFrom(TensorProto(name=stand_in.name, dims=shape, data_type=TensorProto.FLOAT16))
    stand_in.data_location = TensorProto.EXTERNAL
    for key, value in (("location", weights.name), ("offset", 8 + size + begin), ("length", end - begin)):
        stand_in.external_data.add(key=key, value=str(value))
    lookup.output[0] = f"{found}_half"
    cast = helper.make_node("Cast", [f"{found}_half"], [found], to=TensorProto.FLOAT)
    graph.graph.node.insert(list(graph.graph.node).index(lookup) + 1, cast)


if __name__ == "__main__":
    main()
