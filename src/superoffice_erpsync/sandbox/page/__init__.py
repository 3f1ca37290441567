"""The page at `/`: what the installation in a box is, holds and did, and switches to play with, for people to look at.

It is plain HTML that works without scripts and without the internet. Nothing secret is on it: what went over the wire
is masked when the page is put together, by name, and what cannot be read is not shown.
"""
