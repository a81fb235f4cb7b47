"""PowerPoint by lxml: one page per visible slide, its shapes from top to bottom and from left to right."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from mvoi_nlp.errors import TextError
from mvoi_nlp.records import Page
from mvoi_nlp.text._blocks import (
    BULLET_START,
    BlockKind,
    Clock,
    Draft,
    clean,
    hex_colour,
    parse_xml,
    plain_pages,
    table_drafts,
    with_colours,
)

_TITLES = {"title", "ctrTitle"}
_FURNITURE = {"dt", "ftr", "hdr", "sldNum"}
_SAME_HEIGHT = 228_600
"""EMU (a quarter of an inch) within which shapes stand beside each other to the eye."""


def _tag(element: Any) -> str:
    """Name without its namespace: strict and transitional files differ in nothing else here."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    """Value of an attribute in the namespace of relations."""
    return next((str(value) for key, value in element.items() if key.endswith(f"relationships}}{name}")), "")


class _Part:
    """An XML part of the package and the parts that it points to."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.root = parse_xml(archive.read(name))
        self._archive = archive
        self._targets: dict[str, tuple[str, str]] = {}
        folder, file = posixpath.split(name)
        relations = f"{folder}/_rels/{file}.rels"
        if relations in archive.namelist():
            for relation in parse_xml(archive.read(relations)).iterfind("{*}Relationship"):
                if relation.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target"))).lstrip("/")
                    self._targets[relation.get("Id")] = (relation.get("Type").rpartition("/")[2], target)

    def follow(self, relation: str) -> "_Part | None":
        """Part behind a relation, if it is there."""
        name = self._targets.get(relation, ("", ""))[1]
        return _Part(self._archive, name) if name in self._archive.namelist() else None

    def first(self, sort: str) -> "_Part | None":
        """First part of a sort, such as the layout of a slide."""
        return next((self.follow(key) for key, (kind, _) in self._targets.items() if kind == sort), None)


@dataclass
class _Shape:
    element: Any
    x: float = 0
    y: float = 0
    placeholder: Any = None
    patterns: list[Any] = field(default_factory=list)
    """The placeholders of layout and master that it stands for, nearest first."""

    @property
    def sort(self) -> str:
        """Type of its placeholder; empty for a shape that is none."""
        return "" if self.placeholder is None else self.placeholder.get("type") or "obj"


def _placeholder(shape: Any) -> Any:
    return shape.find("{*}nvSpPr/{*}nvPr/{*}ph") if _tag(shape) == "sp" else None


def _offset(shape: Any) -> tuple[float, float] | None:
    for path in ("{*}spPr/{*}xfrm/{*}off", "{*}xfrm/{*}off"):
        if (off := shape.find(path)) is not None:
            return float(off.get("x") or 0), float(off.get("y") or 0)
    return None


class _Slide:
    """One slide with the layout and the master that it inherits places and bullets from."""

    def __init__(self, part: _Part) -> None:
        layout = part.first("slideLayout")
        master = layout.first("slideMaster") if layout else None
        self._part = part
        self._above = [above.root for above in (layout, master) if above]
        bodies = master.root.find("{*}txStyles/{*}bodyStyle") if master else None
        self._body_style = [] if bodies is None else [bodies]

    def _patterns(self, placeholder: Any) -> list[Any]:
        """The layout knows a placeholder by its index, the master by its type."""
        found = []
        sort, index = placeholder.get("type") or "obj", placeholder.get("idx")
        for n, root in enumerate(self._above):
            for shape in root.iter("{*}sp"):
                other = _placeholder(shape)
                if other is None:
                    continue
                kind = other.get("type") or "obj"
                same = kind == sort or {kind, sort} in ({"obj", "body"}, {"subTitle", "body"}, {"title", "ctrTitle"})
                if (n == 0 and index and other.get("idx") == index) or ((n or not index) and same):
                    found.append(shape)
                    sort = kind
                    break
        return found

    def shapes(self) -> list[_Shape]:
        """Shapes in reading order, the title first."""
        tree = self._part.root.find("{*}cSld/{*}spTree")
        found = [] if tree is None else list(self._within(tree, (0, 0, 1, 1)))
        found.sort(key=lambda shape: (shape.y, shape.x))
        rows: list[list[_Shape]] = []
        for shape in found:
            if rows and shape.y - rows[-1][0].y <= _SAME_HEIGHT:
                rows[-1].append(shape)
            else:
                rows.append([shape])
        ordered = [shape for row in rows for shape in sorted(row, key=lambda shape: shape.x)]
        return sorted(ordered, key=lambda shape: shape.sort not in _TITLES)

    def _within(self, parent: Any, frame: tuple[float, float, float, float]) -> Iterator[_Shape]:
        """Shapes below an element; `frame` says how the offsets in a group lie on the slide: x, y and both scales."""
        x, y, wide, high = frame
        for child in parent:
            tag = _tag(child)
            if tag == "AlternateContent":
                for choice in child.iterchildren("{*}Choice"):
                    yield from self._within(choice, frame)
                    break
            elif tag == "grpSp":
                yield from self._within(child, _frame_of_group(child, frame))
            elif tag in {"sp", "graphicFrame", "pic"} and not _is_hidden(child):
                placeholder = _placeholder(child)
                patterns = [] if placeholder is None else self._patterns(placeholder)
                offsets = (_offset(shape) for shape in (child, *patterns))
                left, top = next((offset for offset in offsets if offset), (0, 0))
                yield _Shape(child, x + left * wide, y + top * high, placeholder, patterns)

    def drafts(self, page: int, tables: int) -> Iterator[Draft]:
        """Drafts of the slide; `tables` is the number of its first table."""
        for shape in self.shapes():
            table = next(shape.element.iter("{*}tbl"), None) if _tag(shape.element) == "graphicFrame" else None
            if table is not None:
                found = list(self._table(table, page, tables))
                tables += any(draft.table is not None for draft in found)
                yield from found
            elif (diagram := next(shape.element.iter("{*}relIds"), None)) is not None:
                yield from self._diagram(_attribute(diagram, "dm"), page)
            elif (body := shape.element.find("{*}txBody")) is not None:
                if shape.sort in _TITLES:
                    yield Draft(page=page, kind="heading", text=clean(" ".join(_paragraphs(body))), level=1)
                else:
                    yield from self._text(body, shape, page)

    def _text(self, body: Any, shape: _Shape, page: int) -> Iterator[Draft]:
        styles = [
            s for s in (p.find("{*}txBody/{*}lstStyle") for p in (shape.element, *shape.patterns)) if s is not None
        ]
        if shape.sort in {"body", "obj", "subTitle"}:
            styles += self._body_style
        for paragraph in body.iterchildren("{*}p"):
            text = clean("".join(_pieces(paragraph)))
            kind: BlockKind = "list_item" if _has_bullet(paragraph, styles) else "paragraph"
            bullet = BULLET_START.match(text)
            if kind == "paragraph" and bullet and not text.startswith(("o ", "§")):
                kind, text = "list_item", text[bullet.end() :]
            yield Draft(page=page, kind="running_head" if shape.sort in _FURNITURE else kind, text=text)

    def _table(self, table: Any, page: int, number: int) -> Iterator[Draft]:
        rows: list[list[str]] = []
        for row in table.iterchildren("{*}tr"):
            cells: list[str] = []
            colours: list[str] = []
            for cell in row.iterchildren("{*}tc"):
                body = cell.find("{*}txBody")
                text = "" if body is None else clean(" ".join(_paragraphs(body)))
                across, down = (cell.get(name) in {"1", "true"} for name in ("hMerge", "vMerge"))
                if across or down:
                    above = rows[-1] if rows and down and not across else []
                    text = above[len(cells)] if len(cells) < len(above) else ""
                cells.append(text)
                fill = cell.find("{*}tcPr/{*}solidFill/{*}srgbClr")
                colours.append("" if fill is None else hex_colour(fill.get("val") or ""))
            rows.append(with_colours(cells, colours))
        if any(len(cells) > 1 for cells in rows):
            yield from table_drafts(rows, page, number)
        else:  # a frame around text
            for body in table.iter("{*}txBody"):
                yield from self._text(body, _Shape(table), page)

    def _diagram(self, relation: str, page: int) -> Iterator[Draft]:
        """Texts of a SmartArt diagram, in the order in which they were made."""
        data = self._part.follow(relation)
        for text in [] if data is None else data.root.iter("{*}t"):
            if _tag(text.getparent()) == "pt":
                yield Draft(page=page, kind="list_item", text=clean(" ".join(_paragraphs(text))))

    @property
    def has_picture(self) -> bool:
        """Whether a picture stands on it, which may hold text."""
        return next(self._part.root.iter("{*}pic"), None) is not None


def _is_hidden(shape: Any) -> bool:
    properties = next(iter(shape), None)
    named = None if properties is None else properties.find("{*}cNvPr")
    return named is not None and named.get("hidden") in {"1", "true"}


def _frame_of_group(group: Any, frame: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, wide, high = frame
    place = group.find("{*}grpSpPr/{*}xfrm")
    if place is None:
        return frame

    def pair(tag: str, names: tuple[str, str], default: float) -> tuple[float, float]:
        found = place.find(f"{{*}}{tag}")
        first, second = (default if found is None else float(found.get(name) or default) for name in names)
        return first, second

    left, top = pair("off", ("x", "y"), 0)
    inner_left, inner_top = pair("chOff", ("x", "y"), 0)
    size, inner = pair("ext", ("cx", "cy"), 1), pair("chExt", ("cx", "cy"), 1)
    across, down = (a / b if b else 1 for a, b in zip(size, inner, strict=True))
    return x + (left - inner_left * across) * wide, y + (top - inner_top * down) * high, wide * across, high * down


def _pieces(paragraph: Any) -> Iterator[str]:
    for child in paragraph:
        tag = _tag(child)
        if tag == "t":
            yield child.text or ""
        elif tag in {"br", "tab"}:
            yield " "
        elif tag not in {"Fallback", "pPr", "rPr", "endParaRPr"}:
            yield from _pieces(child)


def _paragraphs(body: Any) -> list[str]:
    return ["".join(_pieces(paragraph)) for paragraph in body.iterchildren("{*}p")]


def _has_bullet(paragraph: Any, styles: list[Any]) -> bool:
    """Say whether a bullet or number stands before a paragraph: what it says itself, else the nearest style."""
    own = paragraph.find("{*}pPr")
    level = "0" if own is None else own.get("lvl") or "0"
    named = (style.find(f"{{*}}lvl{int(level) + 1}pPr") for style in styles)
    for properties in (own, *named):
        for child in properties if properties is not None else ():
            if _tag(child) in {"buNone", "buChar", "buAutoNum", "buBlip"}:
                return _tag(child) != "buNone"
    return False


def read_slides(
    data: bytes, name: str, document: str, max_pages: int, clock: Clock
) -> tuple[tuple[Page, ...], list[Draft]]:
    """Read a presentation; hidden slides are left out, and the note of the last page says so."""
    drafts: list[Draft] = []
    shown: list[str] = []
    hidden: list[str] = []
    pictures: set[int] = set()
    tables = left_out = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        presentation = _Part(archive, "ppt/presentation.xml")
        for number, entry in enumerate(presentation.root.iterfind("{*}sldIdLst/{*}sldId"), start=1):
            clock.check(f"slide {number}")
            part = presentation.follow(_attribute(entry, "id"))
            if part is None or part.root.get("show") in {"0", "false"}:
                hidden += [] if part is None else [str(number)]
                continue
            if len(shown) == max_pages:
                left_out += 1
                continue
            shown.append(f"dia {number}")
            slide = _Slide(part)
            if slide.has_picture:
                pictures.add(len(shown))
            found = [draft for draft in slide.drafts(len(shown), tables) if draft.text]
            tables = 1 + max((draft.table for draft in found if draft.table is not None), default=tables - 1)
            drafts += found
    if not shown and hidden:
        raise TextError(f"{name}: all its slides are hidden", hint="show the slides that count and save it again")
    notes = ["verborgen dia's overgeslagen: " + ", ".join(hidden)] if hidden else []
    if left_out:
        notes.append(f"{left_out} dia('s) niet gelezen: meer dan {max_pages}")
    pages = plain_pages(document, drafts, len(shown), shown if hidden else (), "; ".join(notes))
    return tuple(
        page.model_copy(update={"status": "niet leesbaar"})
        if page.status == "leeg" and page.number in pictures
        else page
        for page in pages
    ), drafts
