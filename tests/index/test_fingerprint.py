from dataclasses import replace

from bot.index.fingerprint import take_fingerprint


def test_equal_makers_have_equal_fingerprints() -> None:
    assert take_fingerprint("a", "1").differences(take_fingerprint("a", "1")) == []


def test_what_differs_is_named_but_for_the_encoders_name() -> None:
    one = take_fingerprint("a", "1")
    assert one.differences(replace(one, encoder="b")) == []
    assert one.differences(replace(one, weights="2", text_form="x", chunker=9, format=9)) == [
        "weights", "text_form", "chunker", "format",
    ]  # fmt: skip
