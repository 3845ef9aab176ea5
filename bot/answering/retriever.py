"""The folder as a langchain retriever, for whoever builds a chain of their own on it."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.answering.pipeline import PASSAGES, Answerer


class FolderRetriever(BaseRetriever):
    """Finds the entries that answer a question, best first, each in the asker's language where it has that."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    answerer: Answerer
    top: int = PASSAGES

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        answer = self.answerer.answer(query, top=self.top)
        return [
            Document(
                id=passage.wording.id,
                page_content=f"{passage.wording.title}\n\n{passage.wording.body}".strip(),
                metadata={
                    "id": passage.wording.id,
                    "title": passage.wording.title,
                    "language": passage.language,
                    "source": passage.entry.source or passage.wording.file,
                    "score": passage.score,
                    "outcome": answer.outcome,
                },
            )
            for passage in answer.passages
        ]
