from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span

from mvoi_nlp.records import Block, Sentence

SKIPPED = {"running_head", "contents"}  # repeated or pointing elsewhere: they say nothing themselves


def split_blocks(nlp: Language, blocks: Sequence[Block]) -> tuple[list[Sentence], list[Doc]]:
    """Cut blocks into sentences.

    A heading and a table row stay whole; a sentence never crosses the border of a block. Running heads and contents
    pages are left out.

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
    sentences: list[Sentence] = []
    docs: list[Doc] = []
    section: list[tuple[int, str]] = []
    for doc, block in nlp.pipe(((block.text, block) for block in wanted), as_tuples=True, batch_size=32):
        if block.kind == "heading":
            section = [heading for heading in section if heading[0] < block.level]
        path = " > ".join(text for _, text in section)
        if block.kind == "heading":
            section.append((block.level, block.text.strip()))
        whole = block.kind in ("heading", "table_row")
        for span in [doc[:]] if whole else list(doc.sents):
            trimmed = _trim(span)
            if trimmed is None:
                continue
            single = trimmed.as_doc()
            for token in single:  # one sentence by definition
                token.is_sent_start = token.i == 0
            start = block.start + trimmed.start_char
            sentences.append(
                Sentence(
                    document=block.document,
                    number=len(sentences),
                    page=block.page,
                    block=block.number,
                    kind=block.kind,
                    section=path,
                    text=trimmed.text,
                    start=start,
                    end=start + len(trimmed.text),
                )
            )
            docs.append(single)
    return sentences, docs


def _trim(span: Span) -> Span | None:
    """The span without white space at its ends; None where nothing else is left."""
    start, end = span.start, span.end
    while start < end and span.doc[start].is_space:
        start += 1
    while end > start and span.doc[end - 1].is_space:
        end -= 1
    return span.doc[start:end] if start < end else None
