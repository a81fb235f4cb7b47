"""By which words and forms bodies, laws and standards are recognised."""

import re

UNKNOWN = "overig"
NUMERIC = frozenset({"MONEY", "PERCENT", "DATE", "TIME", "QUANTITY", "CARDINAL", "ORDINAL"})
"""Labels that this component decides on alone: it leaves what it found in `Doc.spans`, and `ner` adds nothing."""
TYPES = frozenset({"gemeente", "provincie", "waterschap", "ministerie", UNKNOWN})
"""Types of bodies; as an id, a body of that type that is not in the register or not named."""

# type words that a name follows -> type of the body
TYPE_WORDS = {
    "gemeente": "gemeente", "gemeenten": "gemeente", "gemeentes": "gemeente",
    "provincie": "provincie", "provincies": "provincie",
    "waterschap": "waterschap", "waterschappen": "waterschap", "hoogheemraadschap": "waterschap",
    "hoogheemraadschappen": "waterschap", "wetterskip": "waterschap",
    "ministerie": "ministerie", "ministeries": "ministerie",
    "omgevingsdienst": UNKNOWN, "omgevingsdiensten": UNKNOWN, "veiligheidsregio": UNKNOWN,
    "veiligheidsregio's": UNKNOWN,
    "veiligheidsregio’s": UNKNOWN, "ggd": UNKNOWN, "inkoopbureau": UNKNOWN, "vervoerregio": UNKNOWN,
    "metropoolregio": UNKNOWN, "belastingsamenwerking": UNKNOWN, "werkorganisatie": UNKNOWN, "bestuursdienst": UNKNOWN,
    "bedrijfsvoeringsorganisatie": UNKNOWN, "rijksagentschap": UNKNOWN, "rijksdienst": UNKNOWN,
    "rijksinstituut": UNKNOWN,
    "gr": UNKNOWN, "inspectie": UNKNOWN,
}  # fmt: skip
PLURAL = {
    word
    for word in TYPE_WORDS
    if word.endswith("en") or word[-2:] in ("'s", "’s") or word in ("gemeentes", "provincies", "ministeries")
}
# type words that count with a capital only, and may have an adjective before them: 'Sociale Dienst Oeverkant'
CAPITAL_TYPES = {"Dienst", "Servicepunt", "Belastingkantoor", "ISD", "Regeling", "Rekenkamer"}
BEFORE_TYPE = {
    "Sociale",
    "Gemeenschappelijke",
    "Regionale",
    "Intergemeentelijke",
    "Gemeentelijke",
    "Randstedelijke",
    "gemeenschappelijke",
}
FOR = {"van", "voor"}  # 'ministerie van', 'Rijksdienst voor'
DEFINITE = {"de", "het", "onze", "ons", "uw", "deze", "dit", "dezelfde", "hetzelfde", "die", "dat", "’t", "'t"}
# definite and singular, these speak of one certain body
ALONE = {
    "gemeente": "gemeente", "provincie": "provincie", "waterschap": "waterschap", "hoogheemraadschap": "waterschap",
    "ministerie": "ministerie", "departement": "ministerie", "omgevingsdienst": UNKNOWN, "veiligheidsregio": UNKNOWN,
    "raad": "gemeente", "college": "gemeente", "rekenkamer": UNKNOWN,
    "schap": "waterschap",
    "Staten": "provincie",
    "GGD": UNKNOWN, "politie": UNKNOWN, "agentschap": UNKNOWN,
    "Kamer": "ministerie",
}  # fmt: skip
BOARDS = {"AB", "DB"}  # of a joint body, or a waterschap
LONG_BOARDS = {"algemeen bestuur", "dagelijks bestuur", "Algemeen Bestuur", "Dagelijks Bestuur"}
# organs, by words; those of a type can be followed by 'van' and a name
ORGANS = {
    "college van burgemeester en wethouders": "gemeente", "college van burgemeesters en wethouders": "gemeente",
    "burgemeester en wethouders": "gemeente", "college van B&W": "gemeente", "college van B en W": "gemeente",
    "college van B. en W.": "gemeente", "B&W": "gemeente", "B en W": "gemeente", "college van b en w": "gemeente",
    "college van b&w": "gemeente", "gemeenteraad": "gemeente", "gemeentebestuur": "gemeente",
    "college van Gedeputeerde Staten": "provincie", "Gedeputeerde Staten": "provincie",
    "college van gedeputeerde staten": "provincie", "gedeputeerde staten": "provincie",
    "Provinciale Staten": "provincie", "provinciale staten": "provincie", "provinciebestuur": "provincie",
    "college van dijkgraaf en heemraden": "waterschap", "dijkgraaf en heemraden": "waterschap",
    "college van dijkgraaf en hoogheemraden": "waterschap", "dijkgraaf en hoogheemraden": "waterschap",
    "verenigde vergadering": "waterschap", "D&H": "waterschap", "GS": "provincie", "PS": "provincie",
}  # fmt: skip
LONG_OPENERS = {"algemeen", "dagelijks"}
NO_GEMEENTE = {
    "commissarissen",
    "ministers",
    "toezicht",
    "bestuur",
    "beheer",
    "beroep",
    "state",
    "europa",
    "kerken",
    "advies",
}
OWNED = {"raad", "raden", "college", "colleges", "gemeenteraden"}  # 'de raad van Oss', 'de colleges van Oss en Uden'
ALWAYS = {"politie"}  # also without an article
ORGAN_WORDS = {*ALONE, *BOARDS, *LONG_OPENERS, *OWNED}
"""Found as written, or written with a capital: 'de Raad', but only 'de Kamer'."""
PREFIXES = {"De", "Den", "Het", "Ter", "Ten", "Van", "'s", "’s", "'t", "’t", "'s-", "’s-"}
LINKS = {"aan", "op", "bij", "van", "in", "de", "den", "der", "het", "ter", "ten", "'t", "’t", "a/d"}
JOINED = {"en", "&", ","}

# after these words the name of a town or province is a place
PLACE_BEFORE = {
    "in", "te", "uit", "nabij", "rond", "rondom", "omstreken", "naar", "vanuit", "binnen", "buiten", "langs", "tussen",
    "richting", "plaats", "stad", "stadje", "dorp", "kern", "wijk", "regio", "via", "locatie", "vestiging",
    "station", "centrum",
    "noord", "zuid", "oost", "west", "omgeving", "haven", "boven", "onder",
}  # fmt: skip
PLACE_HEADS = {
    "inwoner", "inwoners", "bewoner", "bewoners", "centrum", "stad", "noorden", "zuiden", "oosten", "westen", "hart",
    "binnenstad", "rand", "buitengebied", "omgeving", "haven", "straat", "straten", "kaart", "grens", "grenzen",
    "zuidoosten", "noordoosten", "zuidwesten", "noordwesten", "dorpen", "dorp", "wijk", "wijken", "midden", "omstreken",
    "landschap", "universiteit", "bisdom", "vrede", "slag", "unie", "station", "kust", "polder", "polders", "weg",
}  # fmt: skip
ACTOR_BEFORE = {
    "door", "namens", "met", "aan", "bij", "voor", "zoals", "volgens", "tegen", "dat", "of", "als", "evenals",
    "alsmede",
    "omdat", "terwijl", "wanneer", "hoewel", "indien", "tenzij", "zodat", "waarbij", "opdrachtgever", "trekker",
    "penvoerder", "aanbesteder", "deelnemer", "deelnemers",
}  # fmt: skip
NOT_A_BODY = {
    "universiteit", "hogeschool", "stichting", "bv", "station", "vereniging", "universitair", "erasmus", "theater",
    "ziekenhuis", "club", "fc", "museum", "school", "college", "vu", "straat", "weg", "bouwend",
}  # fmt: skip

_LAW_TAIL = r"(?:wet|besluit|regeling|verordening|wetboek|richtlijn|verdrag)"
_EU = r"(?:\s?\((?:EU|EG|EEG)\))?\s(?:nr\.\s?)?\d{2,4}/\d{2,4}(?:/(?:EU|EG|EEG))?"
LAW = re.compile(
    r"(?<![\w-])(?:(?:[Gg]edelegeerde |[Uu]itvoerings)?"
    rf"(?:[Rr]ichtlijn|[Vv]erordening|[Bb]esluit|[Rr]egulation|[Dd]irective){_EU})"
    rf"|(?<![\w-])(?:EU|VN|ILO|OESO)-{_LAW_TAIL}(?:\s\d+)?(?![\w-])"
    rf"|(?<![\w-])[A-Z][a-zà-ü]+(?:-\s?en\s[a-z]+)?{_LAW_TAIL}(?:\s(?:19|20)\d\d)?(?![\w-])"
    r"|(?<![\w-])Burgerlijk Wetboek|(?<![\w-])Wetboek van [A-Z]\w+"
)
_RUN = r"[A-ZÀ-Ž][\w&'’-]*(?:\s(?:(?:van|voor|de|het|der|den|en|&)\s){0,2}[A-ZÀ-Ž][\w&'’-]*){0,4}"
CONDITIONS = re.compile(
    r"(?<![\w-])(?:ARVODI|ARBIT|ARIV|GIBIT|UAV(?:-GC)?|DNR|UEA|Gids Proportionaliteit)(?:[ -](?:19|20)\d\d)?(?!\w|-\w)"
)
STANDARD = re.compile(r"(?<![\w-])(?:NEN-?)?(?:EN-?)?ISO(?:/IEC)?[ -]?\d{4,5}(?:-\d+)?(?::\d{4})?(?![\w])")
COMPANY = re.compile(
    rf"(?<![\w-])(?:{_RUN.replace('|en|', '|')}\s(?:B\.V\.|BV|N\.V\.|NV|U\.A\.|V\.O\.F\.|GmbH)(?!\w)"
    rf"|(?:Stichting|Hogeschool|Universiteit|Vereniging|Coöperatie|Woonstichting|Woningcorporatie|Ondernemerskring)\s{_RUN})"
)
FORMS = ((LAW, "LAW"), (STANDARD, "PRODUCT"), (CONDITIONS, "PRODUCT"), (COMPANY, "ORG"))
NOT_LAW = {
    "Regelwet",
    "Natuurwet",
    "Gunningsbesluit",
    "Raadsbesluit",
    "Collegebesluit",
    "Bestuursbesluit",
    "Voorbeeldregeling",
}
LAW_OPENERS = {"Wet", "Besluit", "Regeling", "Verordening"}


ANY_TYPE_WORD = re.compile(
    "|".join(sorted(re.escape(word[:6]) for word in {*TYPE_WORDS, *CAPITAL_TYPES, *ORGAN_WORDS})), re.IGNORECASE
)
"""The quick look whether a text may hold a type word at all."""
YEARS = re.compile(r"(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?")
_NAME = (
    r"(?:(?:De|Den|Het|Ter|'s-|’s-|Sint|Oud|Nieuw)\s?)?[A-ZÀ-Ž][\w'’]+(?:-[\w'’]+)*"
    r"(?:\s(?:(?:aan|op|bij|van)\s)?(?:(?:de|den|der|het)\s)?[A-ZÀ-Ž][\w'’-]+)*"
)
_TYPES = "|".join(sorted(map(re.escape, TYPE_WORDS), key=len, reverse=True))
INTRODUCED = re.compile(
    rf"(?<![\w-])(?i:(?P<type>{_TYPES}))\s(?:(?:van|voor)\s)?(?P<names>{_NAME}(?:(?:,\s|\sen\s){_NAME})*)"
)
_PART = (
    r"(?:[A-ZÀ-Ž][\w&'’-]*|van|voor|de|het|der|den|en|op|in|aan"
    r"|ministerie|gemeente|provincie|waterschap|omgevingsdienst)"
)
ABBREVIATED = re.compile(
    rf"(?P<long>{_PART}(?:\s{_PART}){{1,8}})\s\((?:(?:hierna|verder|voortaan|kortweg|afgekort)(?:\ste\snoemen)?:?\s)?"
    r"(?P<short>[A-Z][A-Za-z&-]{1,9})\)"
)
BODY_WORD = re.compile(
    rf"(?<![\w-])(?:(?i:{_TYPES})|(?:Sociale |Gemeenschappelijke |Regionale )?"
    rf"(?:{'|'.join(sorted(CAPITAL_TYPES))}|Agentschap|Auditdienst|Autoriteit|Raad))(?!\w)"
)


PRIVATE = re.compile(r"Stichting|Vereniging|Hogeschool|Universiteit|B\.?V\.?(?!\w)|N\.?V\.?(?!\w)|Groep|College")
