"""From pieces of text on a page to blocks in reading order: columns, lines, paragraphs, headings, lists."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mvoi_nlp.text._blocks import BULLET_START, BULLETS, BlockKind, clean, has_leaders
from mvoi_nlp.text._glyphs import Piece, by_baseline
from mvoi_nlp.text._grid import Grid

_LONE_MARK = re.compile(rf"^(?:[{BULLETS}\ue000-\uf8ff\-–—o§*]|\(?\d{{1,2}}[.)]?|[a-z][.)]|\d(?:\.\d+)+\.?)$")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[a-z])[.)]\s+\S")
_HYPHEN = re.compile(r"(\w)(\s?)[-\u2010\xad]$")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_LAST_WORD = re.compile(r"[\w-]+$")
_TAIL, _LONGEST_WORD = 8, 80  # characters of a line that are looked at for its end, and for its last word
_HANG = 20  # points that a bullet or number may stand left of the text of its column
_CONTENTS_TITLE = re.compile(r"^inhoud(?:sopgave)?$|^index$|^leeswijzer en inhoud$", re.I)


def _hyphen(text: str) -> re.Match[str] | None:
    """The hyphen at the end of a line, by its place in the last `_TAIL` characters."""
    return _HYPHEN.search(text[-_TAIL:])


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text[-_TAIL:]) is not None


class Words:
    """The words of the document itself; they tell a hyphen of a line end from one that belongs to the word."""

    def __init__(self) -> None:
        self._words: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Count the words of a line, except a last one that a hyphen cuts off."""
        words = re.findall(r"[\w-]+", text.lower())
        if words and _hyphen(text):
            del words[-2 if words[-1] == "-" else -1 :]
        self._words.update(words)

    def join(self, lines: Sequence[str]) -> str:
        """One text of lines, hyphens at their ends undone."""
        return self.join_at(lines)[0]

    def join_at(self, lines: Sequence[str]) -> tuple[str, list[int]]:
        """One text of lines, hyphens at their ends undone, and where in it every line starts."""
        text = ""
        starts = []
        for line in lines:
            text = self._pair(text, line.strip()) if text else line.strip()
            starts.append(len(text) - len(line.strip()))
        cleaned = clean(text)
        if cleaned != text:
            starts = [len(clean(f"{text[:at]}|")) - 1 for at in starts]
        return cleaned, starts

    def _pair(self, left: str, right: str) -> str:  # noqa: PLR0911 - one per rule
        hyphen = _hyphen(left)
        if not hyphen or not right:
            return f"{left} {right}"
        if left.endswith("\xad"):
            return left[:-1].rstrip() + right
        start = left[: max(len(left) - _TAIL, 0) + hyphen.start(1) + 1]
        if not right[0].islower():
            return f"{left} {right}" if hyphen[2] or not right[0].isalnum() else left + right
        first = re.match(r"\w+", right)
        if first and first[0] in {"en", "of", "en/of", "tot", "dan"}:
            return f"{start}- {right}"
        before = _LAST_WORD.search(start[-_LONGEST_WORD:])
        a, b = (before[0] if before else "").lower(), first[0].lower() if first else ""
        joined, kept = self._words[a + b], self._words[f"{a}-{b}"]
        if hyphen[2] and not joined and self._words[a]:
            return f"{left} {right}"  # a dash between two words
        if kept > joined or start[-1].isdigit() or (len(a) > 1 and before and before[0].isupper() and not joined):
            return f"{start}-{right}"
        return start + right


@dataclass
class Line:
    """Pieces on one baseline."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool
    style: str = ""


@dataclass(frozen=True)
class Look:
    """Size and style (font and colour) in which most of the document is set."""

    size: float
    style: str


@dataclass
class Part:
    """A block of a page before it is numbered."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    grid: Grid | None = None
    text: str = ""
    flow: int = 0

    @property
    def size(self) -> float:
        """Font size of most of it."""
        return max(self.lines, key=lambda line: len(line.text)).size if self.lines else 0

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Smallest box around it."""
        return (
            min(line.x0 for line in self.lines),
            min(line.y0 for line in self.lines),
            max(line.x1 for line in self.lines),
            max(line.y1 for line in self.lines),
        )


def join_pieces(pieces: Sequence[Piece]) -> list[Piece]:
    """Join pieces on one baseline that were drawn apart, and bullets and numbers with what follows them."""
    upright = sorted((p for p in pieces if p.turn == 0), key=lambda p: (-round(p.base, 1), p.x0))
    rows: list[list[Piece]] = []
    for piece in upright:
        if rows and abs(rows[-1][-1].base - piece.base) < 0.2 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    joined: list[Piece] = []
    for row in rows:
        last: Piece | None = None
        for piece in sorted(row, key=lambda p: p.x0):
            if last is not None:
                gap = piece.x0 - last.x1
                size = max(piece.size, last.size)
                mark = _LONE_MARK.match(last.text) is not None
                if -0.5 * size < gap < (4.0 if mark else 0.7) * size:
                    space = " " if gap > 0.12 * size or mark else ""
                    last.xs += [last.x1] * len(space) + piece.xs
                    last.text += space + piece.text
                    last.bold += piece.bold
                    last.style = piece.style if mark else last.style if last.style == piece.style else ""
                    if len(piece.text) > len(last.text) / 2:
                        last.size = piece.size
                    last.x1 = max(last.x1, piece.x1)
                    continue
            joined.append(piece)
            last = piece
    return joined


Item = Piece | Grid


def _best_gutter(items: Sequence[Item]) -> tuple[float, float]:
    """Left edge of a right-hand column and how many lines speak for it."""
    edges = Counter(round(item.x0) for item in items)
    leftmost = min(item.x0 for item in items)
    best, score = 0.0, 0
    for edge, count in edges.most_common(14):
        near = count + edges[edge - 1] + edges[edge + 1]
        if near < 2 or edge - leftmost < 30:
            continue
        found = _beside(items, edge - 1.5)
        if found > score:
            best, score = edge - 1.5, found
    # a single bullet hangs left of its column, and a gutter at the text would run through its line
    hanging = [item.x0 for item in items if best - _HANG < item.x0 < best - 1 and item.x1 > best + 1] if score else []
    if hanging:
        found = _beside(items, min(hanging) - 1.5)
        if found > score:
            best, score = min(hanging) - 1.5, found
    return best, score


def _beside(items: Sequence[Item], at: float) -> int:
    """Lines with a neighbour on the other side of x = `at`, in the parts of the page that are set in columns there."""
    return sum(min(len(left), len(right)) for _, left, right in _bands(items, at) if _side_by_side(left, right))


def _bands(items: Sequence[Item], at: float) -> list[tuple[Item | None, list[Item], list[Item]]]:
    """Parts of a page between the items that cross x = `at`: (the crossing item above, left, right)."""
    above: list[Item | None] = [None]
    sides: list[tuple[list[Item], list[Item]]] = [([], [])]
    for item in sorted(items, key=lambda i: -(i.y0 + i.y1)):
        if item.x0 < at - 1 and item.x1 > at + 1:
            above.append(item)
            sides.append(([], []))
        else:
            sides[-1][0 if item.x1 <= at + 1 else 1].append(item)
    return [(item, left, right) for item, (left, right) in zip(above, sides, strict=True)]


def _side_by_side(left: Sequence[Item], right: Sequence[Item]) -> bool:
    if len(left) < 2 or len(right) < 2:
        return False
    top = min(max(i.y1 for i in left), max(i.y1 for i in right))
    bottom = max(min(i.y0 for i in left), min(i.y0 for i in right))
    if top - bottom < 10:
        return False
    return all(
        sum(len(i.text) if isinstance(i, Piece) else 100 for i in side) >= 12 * len(side) for side in (left, right)
    )


def order(items: Sequence[Item], depth: int = 0) -> list[list[Item]]:
    """Put the items of a page in columns, and the columns in reading order."""
    if len(items) < 4 or depth > 6:
        return [list(items)] if items else []
    at, score = _best_gutter(items)
    if score < 2:
        return [list(items)]
    flows: list[list[Item]] = []
    loose: list[Item] = []
    for crossing, left, right in _bands(items, at):
        if crossing is not None:
            loose.append(crossing)
        if _side_by_side(left, right):
            flows += order(loose, depth + 1)
            loose = []
            flows += order(left, depth + 1) + order(right, depth + 1)
        else:
            loose += left + right
    flows += order(loose, depth + 1) if len(loose) < len(items) else [loose]
    return flows


def make_lines(pieces: Sequence[Piece]) -> list[Line]:
    """Lines of one column from top to bottom."""
    return [_line(row) for row in by_baseline(pieces)]


def _line(row: Sequence[Piece]) -> Line:
    if len(row) == 1:
        [p] = row
        return Line(p.text.strip(), p.x0, p.y0, p.x1, p.y1, p.base, p.size, p.is_bold, p.style)
    longest = max(row, key=lambda p: len(p.text))
    return Line(
        text=" ".join(p.text for p in row).strip(),
        x0=row[0].x0,
        y0=min(p.y0 for p in row),
        x1=max(p.x1 for p in row),
        y1=max(p.y1 for p in row),
        base=longest.base,
        size=longest.size,
        bold=all(p.is_bold for p in row),
        style=row[0].style if len({p.style for p in row}) == 1 else "",
    )


def is_contents_page(lines: Sequence[Line]) -> bool:
    """Whether the page lists the chapters: dot leaders, or a title that says so and numbers at the line ends."""
    leaders = sum(has_leaders(line.text) for line in lines)
    if leaders >= 3 and leaders >= 0.3 * len(lines):
        return True
    titled = any(_CONTENTS_TITLE.match(line.text.strip()) for line in lines)
    numbered = sum(bool(re.search(r"(?:^|\s)\d{1,3}$|^\d{1,3}\s", line.text)) for line in lines)
    return titled and numbered >= 0.4 * len(lines)


def contents_parts(lines: Sequence[Line], look: Look) -> list[Part]:
    """One part per line of a contents page; its title stays a heading."""
    parts = []
    for line in lines:
        title = line.size > 1.15 * look.size and not re.search(r"\d$", line.text) and not has_leaders(line.text)
        parts.append(Part("heading" if title else "contents", [line]))
    return parts


def make_parts(lines: Sequence[Line], look: Look) -> list[Part]:
    """Cut the lines of one column into headings, paragraphs and list items."""
    if not lines:
        return []
    right = max(line.x1 for line in lines)
    left = min(line.x0 for line in lines)
    steps: dict[int, list[float]] = {}
    for above, line in itertools.pairwise(lines):
        if abs(above.size - line.size) < 0.1 * line.size and above.base - line.base < 2.2 * line.size:
            steps.setdefault(round(line.size), []).append(above.base - line.base)
    # the lower quartile: in a list with air between its items most steps are the wide ones
    leading = {size: sorted(values)[len(values) // 4] for size, values in steps.items()}
    parts: list[Part] = []
    for line in lines:
        part = parts[-1] if parts else None
        if part is None or _starts_block(part, line, leading, (left, right), look):
            kind: BlockKind = "paragraph"
            if has_leaders(line.text):
                kind = "contents"
            elif _is_heading_line(line, look):
                kind = "heading"
            elif BULLET_START.match(line.text) or _NUMBERED.match(line.text):
                kind = "list_item"
            parts.append(Part(kind, [line]))
        else:
            part.lines.append(line)
    for part in parts:
        _settle(part, look.size)
    for part, below in itertools.pairwise(parts):
        if _stands_out(part, look) and below.lines[0].style != part.lines[0].style:
            part.kind = "heading"
    return parts


def _stands_out(part: Part, look: Look) -> bool:
    """Whether a short line is a heading by its colour or font alone."""
    text = " ".join(line.text for line in part.lines)
    return (
        part.kind == "paragraph"
        and len(part.lines) <= 2
        and 3 < len(text) <= 100
        and (text[0].isupper() or text[0].isdigit())
        and not _ends_sentence(text)
        and part.size >= 0.95 * look.size
        and all(line.style not in {"", look.style} for line in part.lines)
    )


def _is_heading_line(line: Line, look: Look) -> bool:
    return line.size > 1.12 * look.size or (line.bold and line.size > 0.95 * look.size)


def _changes_style(above: Line, line: Line, look: Look, right: float, left: float) -> bool:
    """Whether a coloured line starts here below a sentence that ended, or text below a coloured line."""
    if not (above.style and line.style) or above.style == line.style or not line.text[:1].isupper():
        return False
    if above.style != look.style and above.x1 < right - 0.1 * (right - left):
        return True
    return line.style != look.style and _ends_sentence(above.text)


def _starts_block(  # noqa: PLR0911 - one per rule
    part: Part, line: Line, leading: dict[int, float], edges: tuple[float, float], look: Look
) -> bool:
    above = part.lines[-1]
    left, right = edges
    if part.kind == "contents" or has_leaders(line.text):
        return True
    if abs(above.size - line.size) > 0.08 * max(above.size, line.size):
        return True
    if above.bold != line.bold and (part.kind == "heading" or _is_heading_line(line, look)):
        return not (part.kind == "list_item" and above.bold and not _ends_sentence(above.text))
    usual = leading.get(round(line.size), 1.25 * line.size)
    step = above.base - line.base
    if step > (max(1.25 * usual, usual + 2.5) if part.kind != "heading" else 1.65 * line.size) or step < 0:
        return True
    if BULLET_START.match(line.text) and not _hyphen(above.text):
        return True
    if part.kind != "heading" and _changes_style(above, line, look, right, left):
        return True
    ended = _ends_sentence(above.text)
    short = above.x1 < right - 0.25 * (right - left)
    if _NUMBERED.match(line.text) and (ended or part.kind == "list_item" or short):
        return True
    if part.kind == "heading":
        return False
    return _starts_paragraph(part, line, left, right, ended)


def _starts_paragraph(  # noqa: PLR0911 - one per rule
    part: Part, line: Line, left: float, right: float, ended: bool
) -> bool:
    """Whether indents and short lines say that a paragraph or list item starts."""
    above = part.lines[-1]
    if _hyphen(above.text):
        return False
    if part.kind == "list_item":
        first = part.lines[0]
        if len(part.lines) > 1 and above.x0 > first.x0 + 3 and line.x0 < first.x0 + 1.5:
            return True
        if len(part.lines) == 1 and line.x0 < first.x0 - 3:
            return True
        if line.x0 > first.x0 + 3:  # hangs below the text of its bullet
            return False
    elif line.x0 > above.x0 + 0.7 * line.size and ended and above.x0 < left + 3:
        return True
    room = right - above.x1
    word = line.text.split(" ", 1)[0]
    fits = room > (len(word) + 2) * 0.55 * line.size
    if not fits or not line.text[:1].isupper():
        return False
    if ended and not above.text.endswith(":"):
        return room > 0.12 * (right - left)
    return not ended and room > 0.5 * (right - left)


def _settle(part: Part, body: float) -> None:
    """Take a heading back that is too long for one."""
    if part.kind != "heading":
        return
    text = " ".join(line.text for line in part.lines)
    large = part.size > 1.12 * body
    too_long = len(text) > (220 if large else 140) or (len(text) > 90 and text.rstrip().endswith("."))
    bold_sentence = not large and (text.rstrip().endswith((".", ",", ";")) or BULLET_START.match(text))
    if too_long or bold_sentence or not re.search(r"\w", text):
        part.kind = "list_item" if BULLET_START.match(text) else "paragraph"


def body_size(lines: Iterable[Piece]) -> float:
    """Font size in which most characters of the document are set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.0


def body_style(pieces: Iterable[Piece]) -> str:
    """Font and colour in which most characters are set."""
    styles: Counter[str] = Counter()
    for piece in pieces:
        if piece.style:
            styles[piece.style] += len(piece.text)
    return max(styles, key=lambda style: (styles[style], style)) if styles else ""


def heading_levels(sizes: Iterable[float]) -> dict[float, int]:
    """Rounded font size -> level: the largest is 1."""
    levels: dict[float, int] = {}
    level, previous = 0, 0.0
    for size in sorted({round(s * 2) / 2 for s in sizes}, reverse=True):
        if not previous or previous - size > 0.6:
            level, previous = level + 1, size
        levels[size] = min(level, 6)
    return levels


class RunningHeads:
    """Pieces at the top, the bottom or the side of a page that come back on other pages."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[tuple[int, float]]] = {}
        self._candidates: list[tuple[int, Piece, tuple[str, str]]] = []
        self._pages = 0

    def add(self, page: int, height: float, pieces: Iterable[Piece]) -> None:
        """Note the candidates of one page."""
        self._pages += 1
        for piece in pieces:
            zone = "side" if piece.turn else _zone(piece, height)
            if zone:
                key = (zone, re.sub(r"\d+", "#", piece.text.lower()))
                self._seen.setdefault(key, []).append((page, piece.base))
                self._candidates.append((page, piece, key))

    def find(self) -> set[int]:
        """`id` of every piece that is one."""
        need = 2 if self._pages <= 4 else 3
        found: set[int] = set()
        slots: dict[tuple[int, float], set[int]] = {}
        for page, piece, key in self._candidates:
            pages = {p for p, base in self._seen[key] if abs(base - piece.base) < 6}
            if key[0] == "side":
                pages = {p for p, _ in self._seen[key]}
            lonely_number = re.fullmatch(r"(?:pagina |blz\.? |p\. ?)?#(?: (?:van|/|\|) ?#)?", key[1]) is not None
            if len(pages) >= need or (lonely_number and (len(pages) >= 2 or piece.text.strip() == str(page))):
                found.add(id(piece))
                slots.setdefault((round(piece.base), round(piece.size, 1)), set()).add(page)
        strong = {slot for slot, pages in slots.items() if len(pages) >= max(3, 0.3 * self._pages)}
        for _, piece, key in self._candidates:
            if key[0] != "side" and any(
                abs(piece.base - base) <= 1.5 and abs(piece.size - size) <= 0.3 for base, size in strong
            ):
                found.add(id(piece))
        return found


def _zone(piece: Piece, height: float) -> str:
    if piece.base > 0.88 * height:
        return "top"
    return "bottom" if piece.base < 0.12 * height else ""
