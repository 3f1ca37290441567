"""`python -m superoffice_erpsync.cli`: the same as the command `erpsync`."""

from superoffice_erpsync.cli import main

if __name__ == "__main__":
    main()
