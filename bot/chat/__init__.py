"""The conversation, on Telegram and in a terminal: updates to questions, answers to messages."""
