"""The shipped encoder's tokenizer: a Unigram model (Kudo 2018) behind the text form of `bot.language.normalise`."""

from collections.abc import Iterator

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from bot.language.normalise import DROPPED_MARKS, FOLDED_LETTERS, YEH_BARREE_WITH_HAMZA

UNKNOWN = "[UNK]"


def build_normaliser() -> normalizers.Normalizer:
    """Return the rules of `normalise` as a tokenizers normaliser, all but traditional to simplified."""
    folds = [normalizers.Replace(Regex(f"[{variants}]"), letter) for letter, variants in FOLDED_LETTERS.items()]
    digits = [
        normalizers.Replace(Regex(f"[{''.join(chr(base + value) for base in (0x660, 0x6F0, 0x966))}]"), str(value))
        for value in range(10)
    ]
    return normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(YEH_BARREE_WITH_HAMZA, "یے"),
            normalizers.NFKD(),
            normalizers.Replace(Regex(DROPPED_MARKS), ""),
            *folds,
            *digits,
            normalizers.Lowercase(),
            normalizers.NFC(),
        ]
    )


def train_tokenizer(texts: Iterator[str], pieces: int) -> Tokenizer:
    """Return a Unigram tokenizer of `pieces` pieces that never crosses scripts, punctuation or numbers."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = build_normaliser()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{N}+"), "isolated"),
            pre_tokenizers.UnicodeScripts(),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces, special_tokens=[UNKNOWN], unk_token=UNKNOWN, max_piece_length=16, show_progress=True
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer
