"""What of a service can be corrected by hand, and what it is called."""

from collections.abc import Mapping

# In the order of the page.
NAMED: Mapping[str, str] = {
    "name": "Name",
    "organisation_name": "Run by",
    "description": "What it offers",
    "phone": "Phone",
    "email": "Email",
    "url": "Web page",
    "address": "Where",
    "postcode": "Postcode",
    "opening": "When it is open",
    "fees": "What it costs",
    "minimum_age": "From which age",
    "maximum_age": "Up to which age",
    "topics": "What it helps with",
    "assured_on": "Last assured",
    "alert": "To know before you suggest it",
    "active": "Open to new families",
}
