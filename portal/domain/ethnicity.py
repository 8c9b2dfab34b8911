"""Ethnicity as children's services return it: the codes, and the words people choose from."""

from collections.abc import Mapping

# The national codes of children's social care returns. What nobody was asked is not known, and has no code here.
ETHNICITIES: Mapping[str, str] = {
    "WBRI": "White: British",
    "WIRI": "White: Irish",
    "WIRT": "White: Traveller of Irish heritage",
    "WROM": "White: Gypsy or Roma",
    "WOTH": "White: any other White background",
    "MWBC": "Mixed: White and Black Caribbean",
    "MWBA": "Mixed: White and Black African",
    "MWAS": "Mixed: White and Asian",
    "MOTH": "Mixed: any other mixed background",
    "AIND": "Asian: Indian",
    "APKN": "Asian: Pakistani",
    "ABAN": "Asian: Bangladeshi",
    "AOTH": "Asian: any other Asian background",
    "BCRB": "Black: Caribbean",
    "BAFR": "Black: African",
    "BOTH": "Black: any other Black background",
    "CHNE": "Chinese",
    "OOTH": "Any other ethnic group",
    "REFU": "Did not want to say",
    "NOBT": "Information not yet obtained",
}
