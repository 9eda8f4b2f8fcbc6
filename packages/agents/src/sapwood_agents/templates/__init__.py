"""Workflows to begin from that use the analyst, in folders by category."""
