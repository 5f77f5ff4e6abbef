"""Everyday words for what the questions are about: who says "gathering" means an event, and "tongue" a language.

A word may stand for several things. `*` ends a word of which the beginning is enough; `?` stands for one letter.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORDS_FOR = {
    "event": "event* gathering* meetup* meeting* conference* happening* session* workshop*",
    "space": "space spaces office* venue* hub hubs",
    "newcomer": "newcomer* beginner* newbie* fresh starter* entrant*",
    "contributor": "contributor* volunteer* helper* contributing",
    "member": "member* speaker* ambassador*",
    "money": (
        "money cash fund funds funding spend* spent cost costs pay* paid payout* expens* budget* dollar* euro* "
        "financ* pot amount*"
    ),
    "limit": "limit* ceiling* allowance* cap caps maximum",
    "floor": "floor required minimum obligation* duty quota",
    "country": "countr* nation* land lands abroad",
    "region": "region* continent* world",
    "city": "city cities town* urban metropol* townspeople",
    "language": "language* tongue* speak* spoken english spanish french portuguese german translated translation*",
    "team": "team* group groups",
    "stage": "stage* phase* level* step steps",
    "month": "month* monthly",
    "quarter": "quarter*",
    "year": "year* annual* yearly",
    "trend": (
        "trend* develop* evolution growing grow* grew rise* rising change* changing history course progress* chart "
        "curve moved"
    ),
    "total": "total* sum sums altogether overall single headcount figure tally count counts counted",
    "list": "list* rows record* details each every",
    "share": "share* percent* proportion* rate rates fraction ratio part",
    "gender": "gender* wom?n female* male men man sex",
    "diverse": (
        "divers* varied variety mixed background* age ages underrepresented minorit* equal* fair fairly fairness just "
        "inequality"
    ),
    "gap": "gap gaps neglect* missing lack* without never uncovered nothing hole holes absent",
    "wait": "wait* pending open backlog queue* unanswered unhandled answered still",
    "request": "request* ask asks asked travel trip* flight* journey*",
    "approve": "approv* refus* declin* accept* decision* decide* verdict yes",
    "apply": "appl* candidate* form forms selection admission* admitted",
    "leave": "leave* left leaver* leaving quit* departed ended gone lost lose losing vanish* drop* churn end",
    "stay": "stay* remain* keep kept retain* retention stick stuck",
    "return": "return* again back second lapsed reactivat*",
    "thank": "thank* gratitude appreciat* recogni* praise*",
    "mentor": "mentor* guide* guiding buddy coach*",
    "organizer": "organi* run runs running host* lead leads leading leader*",
    "risk": "risk* danger* warning* trouble problem* issue* worr* alarm*",
    "dependence": "depend* hangs alone sole only",
    "import": "import* upload* file files load* data source* feed*",
    "quality": "quality complete* trust* reliable accura* mistake* error* wrong",
    "hire": "hire* hired job jobs employ* recruit* company companies",
    "training": "training* course courses learn* class classes",
    "task": "task* challenge* exercise* homework assignment*",
    "project": "project* product* cause causes",
    "visitor": "visitor* visit* guest* attend* audience* turnout came listener* participant* attendance",
    "rating": "rating* rate score* feedback review* evaluation* grade*",
    "near": "near* close* nearby around local distance closer",
    "diploma": "graduat* finish* through",
    "rich": "conduct dispute* conflict* quarrel* behaviour",
    "date": "date when day days deadline time",
    "duration": "duration long typical median takes time",
    "pilot": "pilot* trial* experiment* test",
    "target": "target* goal* aim aims plan planned objective* against",
    "coordinator": "coordinator* contact* responsible charge",
    "core": "core pillar* dedicated committed loyal key",
    "active": "active busy engaged",
    "funnel": "funnel* conver* stuck become turn into",
    "activity": "activity activities work works kind kinds type types sort sorts field fields",
    "topic": "topic* subject* theme* talk talks about",
    "material": "material* slide* video* recording*",
    "home": "home homes live lives living based reside* residence",
    "summary": "summary overview whole picture achiev* impact measure* key",
    "personal": "personal private read reads saw looked privacy",
    "stale": "stale fresh old outdated connection* system*",
}
_PATTERNS = tuple(
    (thing, re.compile("|".join(word.replace("*", ".*").replace("?", ".") for word in words.split())))
    for thing, words in WORDS_FOR.items()
)


@lru_cache(maxsize=4096)
def things_meant(word: str) -> tuple[str, ...]:
    """What a word, folded to small letters, may stand for, as terms that are no words: `thing_event`."""
    return tuple(f"thing_{thing}" for thing, pattern in _PATTERNS if pattern.fullmatch(word))
