"""Answers in the bot's own words, by a language model, held to the folder by code.

An answer that was decided and quoted is worded anew; whatever goes wrong, the quoted one stands.
"""
