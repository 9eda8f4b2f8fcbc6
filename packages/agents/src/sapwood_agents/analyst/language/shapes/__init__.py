"""The shapes of answers: which one the words ask for, and the intent of that shape."""
