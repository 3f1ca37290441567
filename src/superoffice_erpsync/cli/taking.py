"""How commands take the options that all have: before and after the command's name alike."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Annotated, Any, get_args, get_type_hints

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.frame import carried_out
from superoffice_erpsync.cli.options import GlobalOptions

NO_OPTIONS = ("typed", "from_environment", "chosen", "secrets", "account")
"""What `GlobalOptions` has beside options."""
_NAMES = tuple(one.name for one in fields(GlobalOptions) if one.name not in NO_OPTIONS)
_SWITCHES_OFF = {
    "windows_login": "--no-windows-login",
    "ticket_cache": "--no-ticket-cache",
    "no_retry": "--retry",
    "trust_environment": "--no-trust-environment",
    "allow_insecure": "--no-allow-insecure",
    "otel": "--no-otel",
}
"""What switches off again what a profile or a variable switches on. Not in help, whose columns they would narrow."""


def takes_global_options(function: Callable[..., ExitCode]) -> Callable[..., None]:
    """Make a command of a function: the global options come as its first argument, its exit code ends the process.

    What stands after the command's name counts above what stands before, and both above the environment.
    """
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]

    @functools.wraps(function)
    def command(**values: Any) -> None:
        context: typer.Context = values.pop("context")
        given = {name: values.pop(name) for name in _NAMES}
        typed = {**(context.obj or {}), **_given_by("COMMANDLINE", context, given), **_switched_off(values)}
        environment = _given_by("ENVIRONMENT", context, given)
        options = GlobalOptions(
            **{**given, **typed}, typed=frozenset(typed), from_environment=frozenset(environment) - frozenset(typed)
        )
        name = context.command_path.partition(" ")[2]
        raise typer.Exit(carried_out(name, options, lambda settled: function(settled, **values)))

    return _with_parameters(command, [*own, *_parameters()])


def takes_global_options_before(function: Callable[..., None]) -> Callable[..., None]:
    """Make a callback of a function that keeps the global options which stand before the command's name."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())

    @functools.wraps(function)
    def callback(**values: Any) -> None:
        context: typer.Context = values.pop("context")
        given = {name: values.pop(name) for name in _NAMES}
        context.obj = {**_given_by("COMMANDLINE", context, given), **_switched_off(values)}
        function(**values)

    return _with_parameters(callback, [*own, *(_hidden(one) for one in _parameters())])


def _hidden(parameter: inspect.Parameter) -> inspect.Parameter:
    """The parameter without its place in the help: there are so many that the commands would stand pages below."""
    kind, option = get_args(parameter.annotation)
    option = copy.copy(option)
    option.hidden = True
    return parameter.replace(annotation=Annotated[kind, option])


def _given_by(source: str, context: typer.Context, given: dict[str, Any]) -> dict[str, Any]:
    """Of the given values those that were typed, or those that come from the environment."""
    sources = {name: context.get_parameter_source(name) for name in given}
    return {name: given[name] for name, found in sources.items() if found and found.name == source}


def _switched_off(values: dict[str, Any]) -> dict[str, Any]:
    """What was switched off on the command line, taken out of the values."""
    return {name: False for name in _SWITCHES_OFF if values.pop(f"{name}_off")}


@functools.cache
def _parameters() -> tuple[inspect.Parameter, ...]:
    # Once for all commands: reading the annotations takes longer than loading a command does.
    # A profile is no option, and its class is not loaded for one.
    hints = get_type_hints(GlobalOptions, localns={"Profile": object}, include_extras=True)
    options = [(one.name, one.default, hints[one.name]) for one in fields(GlobalOptions) if one.name in _NAMES]
    off: list[Any] = [
        (f"{name}_off", False, Annotated[bool, typer.Option(option, hidden=True)])
        for name, option in _SWITCHES_OFF.items()
    ]
    return tuple(
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
        for name, default, hint in [*options, *off]
    )


def _with_parameters(function: Callable[..., None], parameters: list[inspect.Parameter]) -> Callable[..., None]:
    """The function with a signature that typer makes options and arguments of."""
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    keyword_only = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    signature = inspect.Signature([context, *keyword_only])
    function.__signature__ = signature  # type: ignore[attr-defined]
    function.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
    return function
