"""Profiles: installations by name, in a file `erpsync.toml`. pydantic loads with the first profile that is used."""
