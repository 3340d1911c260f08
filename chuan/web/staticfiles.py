"""Browser assets: chosen files of node_modules beside our own, compressed and named by their content."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Served name → file in node_modules. Nothing else of a package is served.
CHOSEN = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "vendor/inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "vendor/inter-vietnamese.woff2": "@fontsource-variable/inter/files/inter-vietnamese-wght-normal.woff2",
}


class NodeModulesFinder(BaseFinder):
    """Finds the chosen files; says which is missing rather than serving a broken page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.NODE_MODULES)

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of a served name."""
        source = CHOSEN.get(path)
        found = str(Path(settings.NODE_MODULES) / source) if source else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Every chosen file, under its served name."""
        for served, source in CHOSEN.items():
            if not (Path(settings.NODE_MODULES) / source).exists():
                raise FileNotFoundError(f"node_modules/{source}: run npm ci (./run does it)")
            yield served, _Renamed(self.storage, served, source)


class _Renamed:
    """The one-file view of a storage that collectstatic copies from."""

    prefix = None

    def __init__(self, storage: FileSystemStorage, served: str, source: str) -> None:
        self._storage, self._served, self._source = storage, served, source

    def open(self, name: str, mode: str = "rb") -> Any:
        return self._storage.open(self._source, mode)

    def path(self, name: str) -> str:
        return self._storage.path(self._source)

    def get_modified_time(self, name: str) -> Any:
        return self._storage.get_modified_time(self._source)


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names; source maps are neither served nor looked for."""

    support_js_module_import_aggregation = False
    patterns = tuple(
        (glob, tuple(p for p in group if "sourceMappingURL" not in (p if isinstance(p, str) else p[0])))
        for glob, group in CompressedManifestStaticFilesStorage.patterns
    )
