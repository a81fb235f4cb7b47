"""The codebook as data: which labels and roles `annotations/guide.md` knows beside the scheme."""

from mvoi_nlp.scheme import FAMILIES, Scheme

ROLES: dict[str, frozenset[str]] = {
    "theme": frozenset({"focus", "mention", "applied", "goal", "not_chosen"}),
    "sector": frozenset({"focus", "applied", "mention"}),
    "instrument": frozenset(
        {"mentioned", "used_in_tender", "used_for_monitoring", "used_for_ambition", "planned", "wished", "rejected"}
    ),
    "success": frozenset({"concrete", "generic"}),
    "monitoring": frozenset(
        {
            "zet_kwantitatief",
            "zet_kwalitatief",
            "sia",
            "spendanalyse",
            "dashboard",
            "eigen_tool",
            "leveranciersrapportage",
            "none",
        }
    ),
}
"""Family -> the roles that must stand behind its labels; families that are not here take none."""

CODED: dict[str, frozenset[str]] = {
    "rationale": frozenset({"spend", "impact", "kalender", "beleid"}),
    "reason": frozenset(
        {
            "beleid_structuur_proces",
            "capaciteit_budget",
            "kennis_bewustwording",
            "communicatie_voorbeelden",
            "sector_thema",
            "data_meting",
            "extern",
        }
    ),
    "improvement": frozenset(
        {
            "beleid_strategie",
            "draagvlak_cultuur",
            "monitoring_effectmeting",
            "uitvoering",
            "themaspecifiek",
            "externe_samenwerking",
        }
    ),
    "borging": frozenset(
        {
            "beleid_strategie",
            "capaciteit_expertise",
            "hulpmiddelen_training",
            "monitoring_verantwoording",
            "communicatie_zichtbaarheid",
            "cultuur_samenwerking",
        }
    ),
    "success": frozenset(
        {
            "co2_duurzaamheid",
            "sociale_impact",
            "innovatie_kennisdeling",
            "vertrouwen_reputatie",
            "lokale_economie",
            "beleidsdoelen_gehaald",
        }
    ),
    "monitoring": frozenset({"proces", "effect"}),
    "effect": frozenset(
        {"co2_emissie", "circulariteit", "sociale_impact", "contractmanagement_leverancier", "beleidsdoel"}
    ),
    "tender": frozenset({"aanbesteding", "perceel"}),
}
"""Families that people code and that no tagger knows yet, with their labels."""


def split_label(label: str) -> tuple[str, str]:
    """`family:label/role` -> `family:label` and the role, which may be empty."""
    name, _, role = label.partition("/")
    return name, role


def is_tagged(label: str) -> bool:
    """Whether the family of a label belongs to the scheme, so that taggers can be held against it."""
    return label.partition(":")[0] in FAMILIES


def label_fault(label: str, scheme: Scheme) -> str:
    """What is wrong with a label of the codebook; empty when nothing is."""
    name, role = split_label(label)
    family, _, value = name.partition(":")
    known = name in scheme.by_id if family in FAMILIES else value in CODED.get(family, frozenset())
    if not known:
        return f"label '{name}' is not in the scheme"
    roles = ROLES.get(family)
    if role and (roles is None or role not in roles):
        return f"role '{role}' does not go with '{name}'"
    return ""
