"""Mutants of the parts that must never be wrong, by mutmut: `python -m tests.mutation [--sample 160] [PART ...]`.

A part is the beginning of a path in the package, such as `codec/soap` or `retry.py`. What the tests let live is listed
by `mutmut results`, and shown by `mutmut show NAME`. Needs the extras `dev` and `mutation`, and a system that can fork.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import hypothesis
from libcst import ClassDef, CSTNode, FunctionDef, SimpleString
from mutmut.__main__ import run
from mutmut.configuration import config
from mutmut.mutation.file_mutation import Mutation, create_mutations, group_by_top_level_node
from mutmut.mutation.trampoline_templates import mangle_function_name
from mutmut.utils.format_utils import get_mutant_name

PACKAGE = Path("src", "superoffice_erpsync")
SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|VALUES|WHERE|PRAGMA|ORDER BY|AND state)\b")


def names(part: str) -> Iterator[str]:
    """The mutants of a part, as mutmut calls them."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if config().should_mutate(path) and path.relative_to(PACKAGE).as_posix().startswith(part):
            module, mutations, *_ = create_mutations(str(path), path.read_text("utf-8"))
            grouped = group_by_top_level_node(mutations)
            for class_name, function in functions(module.body):
                mangled = mangle_function_name(name=function.name.value, class_name=class_name)
                for number, mutation in enumerate(grouped.get(function, ()), 1):
                    if not is_same_sql(mutation):
                        yield get_mutant_name(path, f"{mangled}__mutmut_{number}")


def functions(body: Sequence[CSTNode], class_name: str | None = None) -> Iterator[tuple[str | None, FunctionDef]]:
    """Functions of a module and methods of its classes."""
    for statement in body:
        if isinstance(statement, FunctionDef):
            yield class_name, statement
        elif isinstance(statement, ClassDef):
            yield from functions(statement.body.body, statement.name.value)


def is_same_sql(mutation: Mutation) -> bool:
    """Whether a mutant only writes SQL in other letters, which mean the same outside quotes."""
    before, after = mutation.original_node, mutation.mutated_node
    if not isinstance(before, SimpleString) or not isinstance(after, SimpleString) or not SQL.search(before.value):
        return False
    quoted = [re.findall("'[^']*'", one.value) for one in (before, after)]
    return before.value.lower() == after.value.lower() and quoted[0] == quoted[1]


def main() -> None:
    """Choose mutants and have mutmut run the tests on them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", default=[""], metavar="PART")
    options.add_argument("--sample", type=int, help="so many of each part at random, always the same ones")
    given = options.parse_args()
    chosen: dict[str, None] = {}
    for part in given.parts:
        found = [name for name in names(part) if name not in chosen]
        if given.sample is not None and given.sample < len(found):
            found = random.Random(1).sample(found, given.sample)
        sys.stdout.write(f"{part or 'everything'}: {len(found)} mutants\n")
        chosen.update(dict.fromkeys(found))
    # The first example that fails is enough, and it is the same each time.
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
    )
    hypothesis.settings.load_profile("mutation")
    # Programs that tests start are to find the mutants as well.
    os.environ["PYTHONPATH"] = str(Path("mutants", "src").absolute())
    run.callback(tuple(chosen), max_children=None)


if __name__ == "__main__":
    main()
