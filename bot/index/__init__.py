"""The encoder, the generations, and the two ways to search them."""
