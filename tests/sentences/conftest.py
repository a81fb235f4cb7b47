import pytest

from mvoi_nlp.records import Block


@pytest.fixture(scope="session")
def paragraphs():
    """Blocks of one kind; a text with a level is a heading."""

    def make(*texts, kind="paragraph"):
        made, start = [], 0
        for number, text in enumerate(texts):
            words, level = text if isinstance(text, tuple) else (text, 0)
            row = {"document": "d", "page": 1, "number": number, "kind": "heading" if level else kind, "level": level}
            made.append(Block(text=words, start=start, end=start + len(words), **row))
            start += len(words) + 1
        return made

    return make
