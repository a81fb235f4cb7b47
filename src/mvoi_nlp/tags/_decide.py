from collections.abc import Iterable

from mvoi_nlp.records import Evidence, Status, Tag
from mvoi_nlp.settings import TagsSettings

RULES = {"keywords", "headings", "entities"}


def status_of(probability: float, settings: TagsSettings) -> Status:
    """`ja` and `nee` need no analyst; what lies between does."""
    if probability >= settings.accept_from:
        return "ja"
    return "nee" if probability < settings.reject_below else "nog te controleren"


def decide_tags(evidence: Iterable[Evidence], settings: TagsSettings) -> list[Tag]:
    """Join what the taggers say of a sentence and label into one probability and status.

    The rules' best hit and the classifier's probability are averaged where both speak; where one is silent the other
    stands. Entities that are no labels of the scheme (`entity:*`) are evidence for people and give no tag.

    Returns
    -------
        Sorted by document, sentence and label; at most one tag each.
    """
    rules: dict[tuple[str, int, str], float] = {}
    model: dict[tuple[str, int, str], float] = {}
    taggers: dict[tuple[str, int, str], set[str]] = {}
    for row in evidence:
        if row.label.startswith("entity:"):
            continue
        key = (row.document, row.sentence, row.label)
        said = rules if row.tagger in RULES else model
        said[key] = max(row.score, said.get(key, 0.0))
        taggers.setdefault(key, set()).add(row.tagger)
    tags = []
    for key in sorted(taggers):
        scores = [said[key] for said in (rules, model) if key in said]
        probability = round(sum(scores) / len(scores), 6)
        document, sentence, label = key
        tags.append(
            Tag(
                document=document,
                sentence=sentence,
                label=label,
                probability=probability,
                status=status_of(probability, settings),
                taggers=tuple(sorted(taggers[key])),
            )
        )
    return tags
