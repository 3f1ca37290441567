"""Ways to reach an installation."""
