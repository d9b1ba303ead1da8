"""What `make docs` does to the pages: those that lie beside docs/ become pages, and links are led to them.

A page reads the same on the site and in the repository. A link to a file that is no page of the site stays as its text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[1]
BESIDE: Final = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/RESULTS.md": "benchmarks/results.md",
}
"""Pages by their place in the repository, and their place on the site."""
_PLACES: Final = {page: file for file, page in BESIDE.items()}
_LINK: Final = re.compile(r"(?<!!)\[(?P<text>[^\]\[]+)\]\((?P<file>[^)#\s:]+)(?P<anchor>#[^)\s]*)?\)")
_FENCED: Final = re.compile(r"^(\s*```.*?^\s*```)", re.M | re.S)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of docs/, and those beside it."""
    for file, page in BESIDE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / file)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page's text, its links led to where things are on the site, its lists indented as the site's reader wants."""
    parts = _FENCED.split("\n".join(indented(markdown.split("\n"))))
    return "".join(text if number % 2 else led(text, page.file.src_uri) for number, text in enumerate(parts))


def indented(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with what belongs to an item of a numbered list one step further in.

    TRICKY: three spaces are enough for the repository's view; python-markdown wants four, or begins a new list.
    """
    is_within = False
    for line in lines:
        if re.match(r"\d+\. ", line):
            is_within = True
        elif line.strip() and not line.startswith("   "):
            is_within = False
        yield f" {line}" if is_within and line.startswith("   ") else line


def led(text: str, page: str) -> str:
    """A text of a page, its links led to where things are on the site.

    Raises: PluginError, for a link that leads nowhere.
    """
    folder = posixpath.dirname(_PLACES.get(page, f"docs/{page}"))

    def lead(link: re.Match[str]) -> str:
        file = posixpath.normpath(posixpath.join(folder, link["file"]))
        if not (ROOT / file).exists():
            raise PluginError(f"{page}: {link['file']} leads nowhere")
        target = BESIDE.get(file) or (file.removeprefix("docs/") if file.startswith("docs/") else None)
        if target is None or (ROOT / file).is_dir():
            return link["text"]
        return f"[{link['text']}]({posixpath.relpath(target, posixpath.dirname(page))}{link['anchor'] or ''})"

    return _LINK.sub(lead, text)
