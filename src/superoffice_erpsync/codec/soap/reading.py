"""What is known while one answer is read, and what all of its readers ask of an element."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.shapes import Shape
from superoffice_erpsync.codec.soap.names import XSI

Element: TypeAlias = etree._Element

_NIL = f"{{{XSI}}}nil"
_TYPE = f"{{{XSI}}}type"
_NOTHING_BUT_NIL = [(_NIL, "true")]

_LOOKUPS = 20_000_000


class Reading:
    """One answer on its way to a result.

    Args:
        mark: Tag of what stands in it for what was taken out before it was parsed, None where nothing was.
    """

    __slots__ = ("_lookups", "mark")

    def __init__(self, mark: str | None = None) -> None:
        self.mark = mark
        self._lookups = 0

    def put_run(self, namespace: str, mark: Element, tag: str, item: Shape, items: list[Any]) -> None:
        """Put in place of the items before a mark all those that it stands for.

        Args:
            namespace: The services' namespace.
            mark: The mark.
            tag: Tag of the array's items.
            item: Shape of one.
            items: Those that were read so far.
        """
        raise NotImplementedError

    def check_all_taken(self) -> None:
        """Raise Deviates where something that was taken out has not found its place again."""

    def is_nil(self, element: Element, declared: tuple[str, str] | None = None) -> bool:
        """Whether an element is nil; raises Unreadable where its xsi attributes contradict the contract.

        Args:
            element: The element.
            declared: Namespace and name of the type that the contract declares, None where it has no name.
        """
        # All attributes at once is the quickest way to one, and takes squared time where there are thousands.
        if len(element.attrib) == 1 and element.items() == _NOTHING_BUT_NIL:
            found = True
        else:
            stated = element.get(_TYPE)
            if stated is not None:
                self._check_type(element, stated, declared)
            nil = element.get(_NIL)
            if nil is None:
                return False
            try:
                found = values.parse_boolean(nil)
            except ValueError as problem:
                raise Unreadable(f"xsi:nil is {problem}") from None
        if found and (len(element) or (element.text or "").strip(values.XML_SPACE)):
            raise Unreadable("nil and yet with content")
        return found

    def _check_type(self, element: Element, stated: str, declared: tuple[str, str] | None) -> None:
        prefix, _, name = stated.strip(values.XML_SPACE).rpartition(":")
        if declared is None or name != declared[1] or self._namespace(element, prefix or None) != declared[0]:
            raise Unreadable(f"xsi:type says {stated!r}, which is not the declared type")

    def _namespace(self, element: Element, prefix: str | None) -> str | None:
        if prefix == element.prefix:
            return etree.QName(element).namespace
        # lxml goes through all declarations around the element each time: thousands of them around thousands of
        # elements would keep it busy for minutes.
        in_scope = element.nsmap
        self._lookups += len(in_scope) * sum(1 for _ in element.iterancestors())
        if self._lookups > _LOOKUPS:
            raise Unreadable("too many namespaces around too many elements with an xsi:type")
        return in_scope.get(prefix)


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


def no_text(text: str | None) -> None:
    """Raise Unreadable for text where only elements may stand."""
    if text and text.strip(values.XML_SPACE):
        raise Unreadable("text between elements")


def not_ours(element: Element, missed: set[str]) -> None:
    """Pass over an element that is not in the contract, unless it is one of ours in another namespace.

    Such an element would be lost without a word, and a default put in its place.
    """
    if local_name(element) in missed:
        namespace = etree.QName(element).namespace
        problem = Unreadable(f"in {'another namespace, ' + namespace if namespace else 'no namespace'}")
        problem.inside(local_name(element))
        raise problem
