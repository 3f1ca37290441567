"""The control API at `/_sandbox/`: what no installation has and tests need, as JSON.

A new route is a function in a module of its own subject, listed in that module's `ROUTES`, which `routes` gathers.
"""
