"""What the operations do, apart from any wire.

A handler takes the state and the arguments by wire name, and gives back the plain value of the operation's result: a
dict by wire names, a list, a str, an int, a bool, or None where there is nothing. It raises
`superoffice_erpsync.sandbox.refusals.Refusal` when the installation would.
"""
