"""Write the transcripts anew: `python -m tests.transcripts`, then read what changed."""

from tests.transcripts.play import list_scripts, play, prepare


def main() -> None:
    """Play every script and write its transcript beside it."""
    with prepare() as prepared:
        for script in list_scripts():
            script.with_suffix(".md").write_text(play(script, prepared), encoding="utf-8")


if __name__ == "__main__":
    main()
