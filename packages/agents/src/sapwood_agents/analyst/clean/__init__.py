"""Cleaning: a recipe of typed steps, proposed with reasons and samples, applied only when asked, undone."""
