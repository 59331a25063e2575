"""Keeps a published social-media concept honest: what was promised to be reviewed, and what was."""
