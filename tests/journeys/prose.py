"""Invented words of a length and awkwardness that real handovers have."""

# ruff: noqa: RUF001  (words in another script than Latin)

from collections.abc import Mapping
from itertools import cycle, islice

WHY = (
    "When we first visited in October the flat had no heating, and both children slept in their coats.",
    "Since then Siobhán has paid off the meter, and the housing association has put in a new boiler.",
    "Síofra’s attendance has gone from 61 % to 93 %; she told me that “mornings aren’t shouty any more”.",
    "Дмитро comes to every meeting and has kept to the times we agreed, even after the argument at New Year.",
    "There has been no police call-out since 9 November, & no new injury or worry from school.",
    "Тарас still stammers when strangers speak to him; his key worker says it's less than in the autumn.",
    "We've agreed that what remains does not call for a child in need plan, but nobody should be left alone with it.",
    "The children’s grandmother, فاطمة الزهراء, takes them on Thursdays; she reads with them in Arabic and in English.",
)
RISKS = (
    "Things went wrong in the past when money ran out before the end of the month and nobody said so.",
    "The parents' arguments are loud and frightening for the children, though nobody has been hurt.",
    "Siobhán stops answering the telephone when she feels judged: silence is the sign, not anger.",
    "A man called “Mick” (surname not known) has twice waited outside the school; the police know: ref. <AP-117>.",
    "If the housing benefit is stopped again while the claim is looked at, rent arrears will grow by £118 a week.",
    "Дмитро’s night shifts mean that Тарас is sometimes alone with his sister between 5.30 and 7 in the morning.",
)
CONTINGENCY = (
    "Ring Siobhán first, before 3pm; if she does not answer twice, ring her sister O’Hara next door, not Дмитро.",
    "The children can go to their grandmother’s at any hour: she has said so to them & to me.",
    "School opens the breakfast club for both of them without asking for money first.",
    "If there is shouting or anybody is hurt, call 999; afterwards tell the front door the same day.",
    "Should the boiler fail again, the repairs team treats it as an emergency: quote the letter of 4 February.",
)
TRIGGERS = (
    "Two weeks in which either child misses more than two days of school without a word from home.",
    "Any new injury that nobody can explain, or that is explained in two different ways.",
    "Siobhán not seen by anybody for ten days.",
    "Either child says that they are afraid to go home — to either home.",
)
CHILD = (
    "I like it that mum gets up now. I don't like it when grown-ups whisper about us in the corridor.",
    "Dad's flat smells of paint but he lets me choose the film, and we have pelmeni on Saturdays.",
    "I want somebody to tell me before a new person comes. I drew our two houses with a bridge.",
    "Тарас says he wants to stay in Mr D’Arcy’s class & to have the blue bed.",
)
PARENT = (
    "We are tired of new faces; every time we have to begin again from the very beginning.",
    "I’ll take help with the letters, because I put them in the drawer and then it is too late.",
    "Мені легше говорити українською — please bring somebody who speaks it, and not a neighbour.",
    "What helped was one person who did what she said she'd do, on the day she said.",
)
DECIDED = (
    "Everybody read the plan together, and Siobhán changed two of its sentences into her own words.",
    "School keeps a place at breakfast club for both children until the summer holidays.",
    "The arrears letter is answered by Friday; whoever gets a reply tells the lead professional the same day.",
    "The next meeting is at school after the last lesson, so that Дмитро can come straight from work.",
)
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "why": WHY,
    "risks": RISKS,
    "contingency": CONTINGENCY,
    "triggers": TRIGGERS,
    "child": CHILD,
    "parent": PARENT,
    "decided": DECIDED,
}


def prose(subject: str, words: int, *, start: int = 0) -> str:
    """At least so many words about it, in paragraphs of three sentences. `start` begins with another sentence."""
    pool, found, said = SUBJECTS[subject], 0, []
    for sentence in islice(cycle(pool), start, None):
        said.append(sentence)
        found += len(sentence.split())
        if found >= words:
            break
    return "\n\n".join(" ".join(said[at : at + 3]) for at in range(0, len(said), 3))
