"""Pure functions on text: one form, four writings, what is said."""
