"""The transformer's tokenizer: the teacher's word pieces, and pieces of Urdu, Han and Roman Urdu beside them.

One WordPiece model (longest match from the left) loads everywhere and leaves English as the teacher reads it:

- Urdu and Han have pieces of their own, at the start of a run and (`##`) within it. No Latin word can meet them.
- Roman Urdu shares its letters with English, where a new piece could change how an English word is cut. So its words
  are added tokens that match whole words only, and only words that English hardly has.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from bot.language.normalise import normalise
from training.tokenizer import UNKNOWN, build_normaliser

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
CONTINUED = "##"
MAX_PIECES = 256  # a text's pieces, as in the teacher's own settings
# Punctuation of Urdu and Chinese that the text form keeps, as the sign that the teacher knows.
_SIGNS = {
    "؟": "?",
    "،": ",",
    "؛": ";",
    "۔": ".",
    "٪": "%",
    "。": ".",
    "、": ",",
}
_ALPHABETS = ("LATIN", "GREEK", "MICRO", "OHM", "MODIFIER")
_URDU = re.compile(r"[\u0600-\u06ff\u0750-\u077f]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z]+")
_LONGEST_HAN_RUN = 64  # looking for the longest match costs the square of the run's length


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many pieces each writing gets beside the teacher's."""

    urdu: int = 15_000
    han: int = 12_000
    roman: int = 9_000


def build_tokenizer(teacher: Tokenizer, texts: dict[str, list[str]], sizes: Sizes) -> tuple[Tokenizer, list[str]]:
    """Return the tokenizer and its pieces by id; those that the teacher has too come first, in its order.

    `texts` holds normalised training text by side: en, ur, zh, roman.
    """
    known = teacher_pieces(teacher)
    urdu = choose_pieces(_train_word_pieces(texts["ur"], sizes.urdu * 3 // 2), texts["ur"], _URDU, sizes.urdu)
    han = choose_pieces(_train_han(texts["zh"], sizes.han), texts["zh"], _HAN, sizes.han)
    roman = roman_words(texts["roman"], texts["en"], sizes.roman)
    pieces = [*known, *urdu, *han]
    tokenizer = assemble(pieces)
    # A word that the teacher has keeps its piece: what is added is the whole-word match of the others.
    tokenizer.add_tokens(
        [AddedToken(word, single_word=True, normalized=True) for word in roman if word not in set(known)]
    )
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    return tokenizer, sorted(vocabulary, key=lambda piece: vocabulary[piece])


def teacher_pieces(teacher: Tokenizer) -> list[str]:
    """Return the teacher's pieces that text in the bot's form can still meet, in the teacher's order."""
    vocabulary = teacher.get_vocab()
    ordered = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    return [*SPECIAL, *(piece for piece in ordered if piece not in SPECIAL and _is_kept(piece))]


def _is_kept(piece: str) -> bool:
    if piece.startswith("[unused"):
        return False
    bare = _bare(piece)
    known = all(not sign.isalpha() or unicodedata.name(sign, "").startswith(_ALPHABETS) for sign in bare)
    return known and normalise(bare) == bare


def _bare(piece: str) -> str:
    return piece.removeprefix(CONTINUED) or piece


def assemble(pieces: list[str]) -> Tokenizer:
    """Return a WordPiece tokenizer over `pieces`, whose places are their ids."""
    tokenizer = Tokenizer(
        models.WordPiece(
            {piece: place for place, piece in enumerate(pieces)}, unk_token=UNKNOWN, max_input_chars_per_word=100
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False
            ),
            build_normaliser(),
            *(normalizers.Replace(sign, known) for sign, known in _SIGNS.items()),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.BertPreTokenizer(),
            pre_tokenizers.Split(Regex(rf"\p{{Han}}{{1,{_LONGEST_HAN_RUN}}}"), "isolated"),
            pre_tokenizers.Split(Regex(r"\p{Arabic}+"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", pieces.index("[CLS]")), ("[SEP]", pieces.index("[SEP]"))],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def choose_pieces(candidates: list[str], texts: list[str], script: re.Pattern[str], count: int) -> list[str]:
    """Return the `count` candidates that cut `texts` most often, every letter of the script among them."""
    runs = Counter(run for text in texts for run in script.findall(text))
    model = models.WordPiece(
        {piece: place for place, piece in enumerate([UNKNOWN, *candidates])},
        unk_token=UNKNOWN,
        max_input_chars_per_word=100,
    )
    used: Counter[str] = Counter()
    for run, times in runs.items():
        for start in range(0, len(run), _LONGEST_HAN_RUN):
            for token in model.tokenize(run[start : start + _LONGEST_HAN_RUN]):
                used[token.value] += times
    # Letters come first, so that no word is unknown; a Han character met less than three times is not worth one.
    kept = [piece for piece in candidates if script is not _HAN or used[piece] >= 3]
    return sorted(kept, key=lambda piece: (len(_bare(piece)) > 1, -used[piece]))[:count]


def _train_word_pieces(texts: list[str], count: int) -> list[str]:
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{Arabic}]+"), "removed")
    tokenizer.train_from_iterator(
        texts, trainers.WordPieceTrainer(vocab_size=count, special_tokens=[UNKNOWN], show_progress=False)
    )
    pieces = set(tokenizer.get_vocab()) - {UNKNOWN}
    letters = {_bare(piece) for piece in pieces if len(_bare(piece)) == 1}
    return sorted(pieces | letters | {CONTINUED + letter for letter in letters})


def _train_han(texts: list[str], count: int) -> list[str]:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{Han}]+"), "removed")
    trainer = trainers.UnigramTrainer(
        vocab_size=count, special_tokens=[UNKNOWN], unk_token=UNKNOWN, max_piece_length=4, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    pieces = set(tokenizer.get_vocab()) - {UNKNOWN}
    return sorted(pieces | {CONTINUED + piece for piece in pieces})


def roman_words(roman: Iterable[str], english: Iterable[str], count: int) -> list[str]:
    """Return the commonest words of Roman Urdu that English hardly has."""
    ours, theirs = _count_words(roman), _count_words(english)
    scale = ours.total() / max(theirs.total(), 1)
    return [
        word
        for word, times in ours.most_common()
        if times >= 3 and len(word) > 1 and times > 100 * scale * theirs[word] and theirs[word] < 20
    ][:count]


def _count_words(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in _LATIN_WORD.findall(text))


def iterate_pieces(folder: Path) -> Iterator[str]:
    """Yield the pieces of a saved tokenizer by id."""
    data = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocabulary = data["model"]["vocab"] | {token["content"]: token["id"] for token in data["added_tokens"]}
    yield from sorted(vocabulary, key=lambda piece: vocabulary[piece])
