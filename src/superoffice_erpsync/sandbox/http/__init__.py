"""HTTP as the sandbox speaks it: how requests are read, and how answers leave, whatever they are about."""
