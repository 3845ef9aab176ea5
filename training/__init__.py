"""How the shipped encoder is made. Never imported by `bot`."""
