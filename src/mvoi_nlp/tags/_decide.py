from collections.abc import Iterable

from mvoi_nlp.records import Boilerplate, Evidence, Status, Tag
from mvoi_nlp.scheme import COUNTED_ROLES
from mvoi_nlp.settings import TagsSettings

RULES = {"keywords", "headings", "entities"}


def status_of(probability: float, settings: TagsSettings) -> Status:
    """`ja` and `nee` need no analyst; what lies between does."""
    if probability >= settings.accept_from:
        return "ja"
    return "nee" if probability < settings.reject_below else "nog te controleren"


def decide_tags(
    evidence: Iterable[Evidence], settings: TagsSettings, boilerplate: Iterable[Boilerplate] = ()
) -> list[Tag]:
    """Join what the taggers say of a sentence and label into one probability and status.

    The rules' best hit and the classifier's probability are averaged where both speak; where one is silent the other
    stands. Entities that are no labels of the scheme (`entity:*`) are evidence for people and give no tag.
    What help text of a format says is rejected, with the reason; a passage that organisations share keeps its tags.
    The part that a label plays is the most probable role of its family in the sentence.

    Returns
    -------
        Sorted by document, sentence and label; at most one tag each.
    """
    rules: dict[tuple[str, int, str], float] = {}
    model: dict[tuple[str, int, str], float] = {}
    taggers: dict[tuple[str, int, str], set[str]] = {}
    parts: dict[tuple[str, int, str], dict[str, float]] = {}
    for row in evidence:
        family, _, rest = row.label.partition(":")
        if family == "entity":
            continue
        if rest.startswith("*/"):
            parts.setdefault((row.document, row.sentence, family), {})[rest.removeprefix("*/")] = row.score
            continue
        key = (row.document, row.sentence, row.label)
        said = rules if row.tagger in RULES else model
        said[key] = max(row.score, said.get(key, 0.0))
        taggers.setdefault(key, set()).add(row.tagger)
    helped = {(mark.document, mark.sentence) for mark in boilerplate if mark.kind == "invulhulp"}
    tags = []
    for key in sorted(taggers):
        scores = [said[key] for said in (rules, model) if key in said]
        probability = round(sum(scores) / len(scores), 6)
        document, sentence, label = key
        family = label.partition(":")[0]
        rejected = (document, sentence) in helped
        role, counted = _role(parts.get((document, sentence, family), {}), family)
        tags.append(
            Tag(
                document=document,
                sentence=sentence,
                label=label,
                probability=0.0 if rejected else probability,
                status="nee" if rejected else status_of(probability, settings),
                taggers=tuple(sorted(taggers[key])),
                role=role,
                counted=counted,
                reason="invulhulp" if rejected else "",
            )
        )
    return tags


def _role(parts: dict[str, float], family: str) -> tuple[str, float]:
    """The most probable role, and the share of all that the roles have which count."""
    total = sum(parts.values())
    if not total:
        return "", 1.0
    counting = COUNTED_ROLES.get(family, frozenset(parts))
    counted = sum(score for role, score in parts.items() if role in counting) / total
    return max(sorted(parts), key=lambda role: parts[role]), round(counted, 6)
