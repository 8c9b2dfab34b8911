"""Invented names from many places, and what families in the demonstration need. Nobody of these exists."""

from dataclasses import dataclass

from portal.domain.plans import Headline

FAMILY_NAMES = (
    "O’Neill", "Begum", "Kowalska", "Thompson", "Nguyễn", "Okonkwo", "D’Souza", "Hughes", "Коваленко", "Patel",
    "McAllister", "Farrow", "Ionescu", "Haidari", "Price-Jones", "Svensson", "Ahmadi", "Clarke", "Mbeki", "García",
    "Whitlock", "Rahman", "Zieliński", "Bennett", "العلي", "Osei", "Murphy", "Lindqvist", "Shah", "Tran",
    "Pemberton", "Yildiz", "Adeola", "Fletcher", "Novák", "Hossain", "Barrett", "Chowdhury", "De la Cruz", "Evans",
    "Quinn", "Sithole", "Petrova", "Walker", "Iqbal", "Ferreira", "Robinson", "Singh", "Doyle", "Mahmoud",
    "Marlow", "Kaya", "Gallagher", "Otieno", "Lewandowska", "Hart", "Bakshi", "Söderberg", "Cole", "Abdi",
)  # fmt: skip
CHILDREN = (
    "Aoife", "Zoë", "Callum", "Ayaan", "Maja", "Tyler", "Linh", "Chidi", "Isla", "Oleksandr", "Ruby", "Yusuf", "Finn",
    "Amara", "Leo", "Sofia", "Kian", "Hania", "Jaden", "Elif", "Noah", "Freya", "Ibrahim", "Poppy", "Mateo", "Nia",
)  # fmt: skip
PARENTS = (
    "Siobhán", "Nasrin", "Agnieszka", "Kerry", "Hoa", "Ngozi", "Marie", "Gareth", "Олена", "Jyoti", "Fiona", "Dean",
    "Elena", "Farah", "Rhys", "Astrid", "Omar", "Stacey", "Thandi", "Lucía", "Craig", "Rubina", "Paweł", "Donna",
)  # fmt: skip
SCHOOLS = ("Hillside Primary School", "Ambleford Academy", "St Brigid’s Primary School", "Riverside Nursery")


@dataclass(frozen=True)
class Worry:
    """A need, what is done about it, which service of the directory helps."""

    headline: Headline
    need: str
    action: str
    outcome: str
    service: str
    # The ages of the eldest child for which it makes sense.
    youngest: int = 0
    oldest: int = 18


WORRIES = (
    Worry(Headline.EDUCATION, "Getting to school on time, every day", "Meet at the gate on Mondays for four weeks",
          "Mornings without shouting", "School attendance support", youngest=4),
    Worry(Headline.HOUSING, "The flat is damp and too small", "Ring the landlord about the damp with the family",
          "A dry bedroom for the children", "Homelessness and housing advice"),
    Worry(Headline.FINANCE, "Money runs out before the end of the month", "Go through the bills together",
          "Enough on the meter until payday", "Money advice"),
    Worry(Headline.HEALTH, "Low mood since the baby came", "Book the first appointment and go along",
          "Someone to talk to", "Perinatal peer group"),
    Worry(Headline.RELATIONSHIPS, "Arguments at bedtime", "Try the bedtime chart for two weeks",
          "Bedtime that ends in a story", "Calmer evenings: parenting course"),
    Worry(Headline.EARLY_YEARS, "Speech is slow to come", "Take the nursery’s talking bag home each week",
          "To be understood by grandma", "Family hub drop-in", oldest=6),
    Worry(Headline.DOMESTIC_ABUSE, "Feeling safe at home again", "Check the safety plan by phone every Friday",
          "To sleep through the night", "Domestic abuse outreach"),
    Worry(Headline.CRIME, "Out late with older boys", "Introduce the Thursday football group",
          "Somewhere to go that is ours", "Millrace Youth Club", youngest=11),
)  # fmt: skip
OUTSTANDING = (
    ("Send the school the summary of the assessment", False),
    ("Visit after the weekend contact and write it down", True),
    ("Chase the paediatric appointment", False),
    ("Ask housing for a date to inspect the damp", False),
)
VIEWS = (
    "I like it when mum picks me up. I want the shouting to stop.",
    "I drew our house with the sun on it. I want a desk.",
    "I want to stay at my school and see dad on Sundays.",
)
