"""The words of the demo data: names, companies, tags and what people say when they rate. All invented."""

from __future__ import annotations

from typing import Final

_AGENTS: Final = """
Anna Schneider, Mehmet Öztürk, Chloé Lefèvre, Kwame Mensah, Priya Raman, Tomasz Wójcik, Yuki Tanaka,
Sofía Herrera, Jonas Bäcker, Amina Diallo, Liam O'Connor, Mei-Ling Chen, Olena Kovalenko, Diego
Fuentes, Ingrid Solberg, Rahul Iyer, Katarzyna Mazur, Omar Haddad, Grace Okafor, Mateo Ríos, Hannah
Weiß, Jin-woo Park, Beatriz Carvalho, Elif Demir, Noah van Dijk, Fatima Zahra Benali, Lars
Håkansson, Ananya Deshpande, Marco Bellini, Zanele Dlamini, Petr Dvořák, Thu Trang Nguyễn, Emily
Carter, Samuel Ankrah, Julia Köhler, Arjun Nair, Camille Moreau, Hiroshi Watanabe, Nadia Rahimi,
Øyvind Berg, Rosa Delgado, Daniel Cohen, Aylin Kaya, Wei Zhang, Fergus Macleod, Ivana Petrović,
Tariq Aziz, Lucía Navarro, 佐藤 花子, Aroha Ngata, Henrik Lindqvist, Bruno Teixeira, Sabine Groß,
Chinedu Eze, Maja Kowalczyk, Rania Khoury, Oscar Nyström, Divya Menon, Pavel Horák, Min-ji Kim,
Isabel Fonseca, Yusuf Bello, Clara Hoffmann, Duc Anh Phạm, Marta Zielińska, Ahmad Farouk, Freya
Nielsen, Santiago Vega, Leila Hosseini, Viktor Szabó, Nomvula Khumalo, 王 小明, Élodie Girard, Kenji
Mori, Paula Ferreira, Stefan Brückner, Meera Joshi, Ruth Abebe, Luca Romano, Svetlana Popescu,
Callum Fraser, Hana Nováková, Emeka Obi, Carmen Ortega, Timo Virtanen, Shira Levi, Anton Kuznets,
Farida Karimova, Gustavo Lima, Birgit Jørgensen, Haruto Kobayashi, Naledi Molefe, Adrián Castillo,
Melike Şahin, Owen Price, Xiu Ying Li, Dagmar Vogt, Ibrahim Sesay, Noor Jansen, Rafael Duarte
"""
AGENT_NAMES: Final = tuple(" ".join(name.split()) for name in _AGENTS.split(","))

_GIVEN: Final = (
    "alma ben chen dana eva farid georg hugo iris jakob karim lena maria nils olga pablo quinn ravi sara tom "
    "uma vera wim xenia yara zoe"
)
_FAMILY: Final = (
    "abel bauer costa duran ek fischer gomez hansen ito jung kaur lopez meyer novak okoye perez quist rossi "
    "silva tran ueda vos weber xu yang zeman"
)
GIVEN_NAMES: Final = tuple(_GIVEN.split())
FAMILY_NAMES: Final = tuple(_FAMILY.split())

_STARTS: Final = (
    "Nor Alt Bel Cor Del Est Fen Gal Hal Ister Jor Kel Lum Mar Nev Ost Pel Quin Ros Sol Tar Ulm Ver Wes Zan"
)
_ENDINGS: Final = "vik mark dale ora exa heim stad isto wyn bury tek lund"
COMPANY_STEMS: Final = tuple(start + ending for ending in _ENDINGS.split() for start in _STARTS.split())
_SECTORS: Final = (
    "Logistics,Foods,Maritime,Energy,Textiles,Pharma,Insurance,Robotics,Paper,Travel,Publishing,Optics,Timber,"
    "Clinics,Media,Mobility,Software,Brewing,Ceramics,Finance,Dairy,Plastics,Aviation"
)
COMPANY_SECTORS: Final = tuple(_SECTORS.split(","))
COMPANY_FORMS: Final = ("GmbH", "Ltd", "AG", "Inc.", "B.V.", "S.A.", "AB", "Oy", "KG", "S.p.A.", "PLC")
COMPANY_SPECIALS: Final = (
    "Bäckerei Grünwald & Söhne",
    "Müßig Möbel KG",
    "株式会社みなと電機",
    "Café Zürichberg AG",
    "Łódzka Fabryka Mebli",
    "北辰物流有限公司",
    "Smørrebrød & Co.",
    "한빛소프트웨어",
    "Ångström Instruments AB",
    "Viñedos del Río S.A.",
    "O'Hara, Finch & Partners",
    "Gümüş Denizcilik A.Ş.",
)

COMMON_TAGS: Final = ("vip", "follow-up", "contract", "mobile-app", "trial", "eu", "us", "apac", "beta", "training")

PRAISE: Final = (
    "Quick and friendly, thank you!",
    "Solved within minutes.",
    "Very patient with all my questions.",
    "Great service, as always.",
    "Schnelle Hilfe, vielen Dank!",
    "とても丁寧なご対応でした。",
    "Clear explanation, I could fix it myself.",
    "Exactly what I needed.",
    "Merci beaucoup, très efficace.",
    "Kept me up to date the whole time.",
)
LUKEWARM: Final = (
    "It works now, but it took a while.",
    "Fine in the end.",
    "The answer was right, the wording rather short.",
    "Had to explain the problem twice.",
    "Ganz in Ordnung.",
    "Okay, though I expected a call.",
)
COMPLAINTS: Final = (
    "Nobody answered for days.",
    "The problem came back the next morning.",
    "I was passed from team to team.",
    "Copy-and-paste answer that did not help.",
    "Leider keine Lösung erhalten.",
    "Still broken. Please call me.",
    "We lost half a working day over this.",
    "回复太慢了。",
    "Closed without asking me.",
)


def comments_on(score: int) -> tuple[str, ...]:
    """What people say beside such a score."""
    if score >= 4:
        return PRAISE
    return LUKEWARM if score == 3 else COMPLAINTS
