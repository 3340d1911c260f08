"""Templates obey the floors of the house as imports do."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.source import PACKAGE, Template, contexts, floors, may_use, name_of, templates


def _owners() -> dict[str, str]:
    """Route name → context whose view answers it; a library's route belongs to the context that mounts it."""
    found: dict[str, str] = {}

    def walk(resolver: URLResolver, namespace: str, mounted_by: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                view = getattr(entry.callback, "view_class", entry.callback)
                parts = view.__module__.split(".")
                found[f"{namespace}{entry.name}"] = parts[1] if parts[0] == "chuan" else mounted_by
            else:
                module = str(getattr(entry.urlconf_name, "__name__", ""))
                ours = module.split(".")[1] if module.startswith("chuan.") else mounted_by
                walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, ours)

    walk(get_resolver(), "", "portal")
    return found


def test_every_context_has_a_floor() -> None:
    assert set(contexts()) - set(floors()) == set()


@pytest.mark.parametrize("tag", ["extends", "include"])
def test_a_template_above_or_beside_is_never_extended_or_included(tag: str) -> None:
    owner = {t.name: t.context for t in templates()}
    wrong = [
        f"{name_of(t.path)}: {tag} {used}"
        for t in templates()
        for used in t.tags(tag)
        if used in owner and not may_use(t.context, owner[used])
    ]
    assert wrong == []


def test_what_is_extended_or_included_exists() -> None:
    known = {t.name for t in templates()}
    used = {(t.name, u) for t in templates() for tag in ("extends", "include") for u in t.tags(tag)}
    assert {(name, u) for name, u in used if u not in known} == set()


def test_a_route_above_or_beside_is_never_reversed() -> None:
    owners, wrong = _owners(), []
    for template in templates():
        for route in template.tags("url"):
            if route not in owners:
                wrong.append(f"{name_of(template.path)}: no route {route}")
            elif not may_use(template.context, owners[route]):
                wrong.append(f"{name_of(template.path)}: reverses {route} of {owners[route]}")
    assert wrong == []


def test_a_tag_library_above_or_beside_is_never_loaded() -> None:
    libraries = {p.stem: p.parents[1].name for p in PACKAGE.glob("*/templatetags/*.py") if p.stem != "__init__"}
    wrong = []
    for template in templates():
        for names in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", template.text):
            for name in names.split(" from ")[-1].split():
                if name in libraries and not may_use(template.context, libraries[name]):
                    wrong.append(f"{name_of(template.path)}: loads {name} of {libraries[name]}")
    assert wrong == []


def test_the_frame_of_every_page_names_no_context() -> None:
    frame = [t for t in templates() if t.context == "web"]
    assert frame
    assert [(t.name, t.tags("url")) for t in frame if t.tags("url")] == []


def test_a_template_that_breaks_the_rule_would_be_found() -> None:
    """The rule itself: web may not use portal, portal may use web, siblings may not use each other."""
    assert not may_use("web", "portal")
    assert may_use("portal", "web")
    assert not may_use("web", "files")
    assert Template(templates()[0].path, "x", "web", "{% url \"home\" %}{% url 'a' 1 %}").tags("url") == ["home", "a"]
