import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span

from mvoi_nlp.records import Block, Personal, Sentence, mask
from mvoi_nlp.sentences._document import read_document_texts
from mvoi_nlp.sentences._people import find_contacts

SKIPPED = {"running_head", "contents"}  # repeated or pointing elsewhere: they say nothing themselves
PIECE = 5_000
"""Characters that a pipeline gets at once; a longer block is cut at white space."""
WORD = 1_000
"""Characters of a word: more in a row without white space is no word, and slow to read."""
_LONG_WORD = re.compile(rf"\S{{{WORD}}}(?=\S)")


def split_blocks(nlp: Language, blocks: Sequence[Block]) -> tuple[list[Sentence], list[Doc]]:
    """Cut blocks into sentences.

    A heading and a table row stay whole; a sentence never crosses the border of a block. Running heads and contents
    pages are left out. Names that the document introduces itself are known in all of it, and 'de gemeente' links to
    the gemeente that it speaks of most.

    Parameters
    ----------
    nlp
        From `load_pipeline`.
    blocks
        All blocks of one document in reading order.

    Returns
    -------
        Sentences and their Docs, in the same order; `Doc.text` starts with `Sentence.text`, offset for offset.
    """
    wanted = [block for block in blocks if block.kind not in SKIPPED and block.text.strip()]
    pieces = [(text, block, start) for block in wanted for start, text in _pieces(block.text)]
    read = read_document_texts(nlp, [text for text, *_ in pieces])
    sentences: list[Sentence] = []
    docs: list[Doc] = []
    section: list[tuple[int, str]] = []
    for doc, (_, block, offset) in zip(read, pieces, strict=True):
        if block.kind == "heading":
            section = [heading for heading in section if heading[0] < block.level]
        path = " > ".join(text for _, text in section)
        if block.kind == "heading":
            section.append((block.level, mask(doc.text, _personal(doc[:])).strip()))
        whole = block.kind in ("heading", "table_row")
        for span in [doc[:]] if whole else list(doc.sents):
            trimmed = _trim(span)
            if trimmed is None:
                continue
            single = trimmed.as_doc()
            for token in single:  # one sentence by definition
                token.is_sent_start = token.i == 0
            start = block.start + offset + trimmed.start_char
            sentences.append(
                Sentence(
                    document=block.document,
                    number=len(sentences),
                    page=block.page,
                    block=block.number,
                    kind=block.kind,
                    section=path,
                    text=trimmed.text,
                    headers=_headers(block),
                    start=start,
                    end=start + len(trimmed.text),
                    personal=_personal(trimmed),
                )
            )
            docs.append(single)
    return sentences, docs


def _headers(block: Block) -> tuple[str, ...]:
    headers = tuple(cell.header for cell in block.cells)
    return headers if any(headers) else ()


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text that a pipeline reads in bounded time, with their first character."""
    cuts = [match.end() for match in _LONG_WORD.finditer(text)]
    start = 0
    for end in [*cuts, len(text)]:
        while end - start > PIECE:
            space = text.rfind(" ", start + PIECE // 2, start + PIECE)
            cut = space + 1 if space >= 0 else start + PIECE
            yield start, text[start:cut]
            start = cut
        if start < end:
            yield start, text[start:end]
        start = end


def _trim(span: Span) -> Span | None:
    """The span without white space at its ends; None where nothing else is left."""
    start, end = span.start, span.end
    while start < end and span.doc[start].is_space:
        start += 1
    while end > start and span.doc[end - 1].is_space:
        end -= 1
    return span.doc[start:end] if start < end else None


def _personal(span: Span) -> tuple[Personal, ...]:
    """Names of people, phone numbers and mail addresses, by character of the span."""
    found = [Personal(start=start, end=end, kind=kind) for start, end, kind in find_contacts(span.text)]
    for entity in span.ents:
        start, end = entity.start_char - span.start_char, entity.end_char - span.start_char
        if entity.label_ == "PERSON" and all(end <= part.start or start >= part.end for part in found):
            found.append(Personal(start=start, end=end, kind="naam"))
    return tuple(sorted(found, key=lambda part: part.start))
