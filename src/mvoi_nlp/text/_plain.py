"""Text, Markdown and HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from mvoi_nlp.records import Page
from mvoi_nlp.text._blocks import BULLET_START, BlockKind, Draft, clean, has_leaders, plain_pages, table_drafts

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+•–]|\d{1,2}[.)])\s+")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_SKIPPED = {"script", "style", "head", "noscript", "template", "svg", "nav"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "summary", "ul", "br",
}  # fmt: skip


@dataclass
class Found:
    """The drafts of a format that has one page."""

    drafts: list[Draft] = field(default_factory=list)

    def pages(self, document: str) -> tuple[Page, ...]:
        """Return the one page."""
        return plain_pages(document, self.drafts, 1)

    def add(self, draft: Draft) -> None:
        """Keep a draft that has text."""
        if draft.text:
            self.drafts.append(draft)


def decode(data: bytes) -> str:
    """Text of bytes: by byte order mark, else UTF-8, else the Western Windows code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4 and len(data) > 4:  # cut in the middle of a character
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", errors="replace")


def looks_like_html(head: str) -> bool:
    """Say whether the first characters are those of a web page."""
    return bool(re.match(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html\b)", head, re.I | re.S))


def read_text(text: str, *, one_sentence_per_line: bool) -> Found:
    """Paragraphs between blank lines; a line that starts with a bullet is a list item."""
    found = Found()
    if one_sentence_per_line:
        for line in text.splitlines():
            found.add(Draft(page=1, kind="paragraph", text=clean(line)))
        return found
    for paragraph in _paragraphs(text):
        for item in _items(paragraph):
            found.add(item)
    return found


def _paragraphs(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip():
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _items(lines: list[str]) -> Iterator[Draft]:
    """List items and paragraphs within lines without a blank one between them."""
    parts: list[tuple[bool, list[str]]] = []
    for raw in lines:
        line = raw.strip()
        bullet = _ITEM.match(line) or BULLET_START.match(line)
        if bullet:
            parts.append((True, [line if line[0].isdigit() else line[bullet.end() :]]))
        elif parts:
            parts[-1][1].append(line)
        else:
            parts.append((False, [line]))
    for is_item, part in parts:
        text = clean(" ".join(part))
        kind: BlockKind = "list_item" if is_item else "paragraph"
        yield Draft(page=1, kind="contents" if has_leaders(text) else kind, text=text)


def read_markdown(text: str) -> Found:
    """Headings by `#`, list items, tables with bars, and paragraphs between blank lines."""
    found = Found()
    tables = 0
    for paragraph in _paragraphs(text):
        plain: list[str] = []
        rows: list[list[str]] = []

        def flush(plain: list[str] = plain) -> None:
            if plain:
                for draft in _items(plain):
                    found.add(draft)
                plain.clear()

        for line in paragraph:
            heading = _HEADING.match(line.strip())
            if line.strip().startswith("|"):
                flush()
                if not _RULE.match(line):
                    rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            elif heading:
                flush()
                found.add(Draft(page=1, kind="heading", text=clean(heading[2]), level=len(heading[1])))
            elif not re.fullmatch(r"\s*(?:-{3,}|\*{3,}|={3,}|```\w*)\s*", line):
                plain.append(line)
        flush()
        if rows:
            found.drafts.extend(table_drafts(rows, 1, tables))
            tables += 1
    return found


class _Walk:
    """Walks the tree of a web page and cuts the running text at every block element."""

    def __init__(self) -> None:
        self.found = Found()
        self._text: list[str] = []
        self._tables = 0

    def flush(self, name: str) -> None:
        text = clean("".join(self._text))
        self._text.clear()
        if re.fullmatch(r"h[1-6]", name):
            self.found.add(Draft(page=1, kind="heading", text=text, level=int(name[1])))
        else:
            self.found.add(Draft(page=1, kind="list_item" if name == "li" else "paragraph", text=text))

    def table(self, table: Tag) -> None:
        rows = [
            [clean(cell.get_text(" ")) for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row]
            for row in table.find_all("tr")
            if row.find_parent("table") is table
        ]
        if any(len(row) > 1 for row in rows):
            self.found.drafts.extend(table_drafts(rows, 1, self._tables))
            self._tables += 1
        else:
            for cell in table.find_all(["td", "th"]):
                if cell.find_parent("table") is table:
                    self.walk(cell, "p")
                    self.flush("p")

    def walk(self, element: Tag, inside: str) -> None:
        for child in element.children:
            if isinstance(child, Tag):
                name = child.name.lower()
                if name in _SKIPPED:
                    continue
                if name == "table":
                    self.flush(inside)
                    self.table(child)
                elif name == "br":
                    self._text.append(" ")
                elif name in _BLOCKS:
                    self.flush(inside)
                    named = name == "li" or re.fullmatch(r"h[1-6]", name) is not None
                    kept = name if named else "li" if inside == "li" and name in {"p", "div"} else "p"
                    self.walk(child, kept)
                    self.flush(kept)
                else:
                    self.walk(child, inside)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._text.append(str(child))


def read_html(text: str) -> Found:
    """Headings, paragraphs, list items and table rows of a web page; loose text counts as a paragraph."""
    soup = BeautifulSoup(text, "lxml")
    walk = _Walk()
    walk.walk(soup, "p")
    walk.flush("p")
    return walk.found
