"""Every route that Django's resolver knows."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

#: Routes of libraries, covered by prefix: `test_third_party.py` asks all of them.
THIRD_PARTY = ("account/",)


@dataclass(frozen=True)
class Route:
    """A route's full name, its address pattern, the module of its view and its parameters."""

    name: str
    pattern: str
    module: str
    parameters: tuple[str, ...]

    @property
    def is_third_party(self) -> bool:
        """A library's view under a prefix given to libraries."""
        return self.pattern.startswith(THIRD_PARTY) and not self.module.startswith("chuan.")


def routes() -> list[Route]:
    """Every route, namespaces included."""
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver: URLResolver, prefix: str, namespace: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        names = (*parameters, *entry.pattern.converters)
        if isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", entry.callback)
            yield Route(f"{namespace}{entry.name or ''}", here, view.__module__, names)
        else:
            yield from _walk(entry, here, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, names)
