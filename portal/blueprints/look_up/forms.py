"""What somebody knows of a family they look for."""

from typing import Any

from portal.domain import identifiers
from portal.domain.viewer import Viewer
from portal.queries.doors import Terms
from portal.services.look_ups import BY_NAME, BY_NUMBER
from portal.web.forms import DateField, LineField, NormalField, PortalForm, Required

ANYTHING = "Enter a family reference or social care number, or a surname, date of birth and postcode"


class TermsForm(PortalForm):
    number = LineField(
        "Family reference or social care number",
        longest=40,
        called="Reference or number",
        description="A family reference is like F-1042. The council’s own reference of the family finds it too",
    )
    surname = LineField("Surname of anybody in the family", longest=100, called="Surname")
    born_on = DateField("Their date of birth", called="Date of birth", description="For example, 27 3 2016")
    postcode = NormalField("Their postcode", read=identifiers.postcode, called="Postcode")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        return self._enough() and valid

    def _enough(self) -> bool:
        if self.number.data:
            return True
        asked = {
            "surname": "Enter the surname",
            "born_on": "Enter the date of birth",
            "postcode": "Enter the postcode",
        }
        lacking = [name for name in asked if not self[name].data and not self[name].errors]
        if len(lacking) == len(asked):
            self.refuse("number", ANYTHING)
            return False
        for name in lacking:
            self.refuse(name, asked[name])
        return not lacking

    @property
    def terms(self) -> Terms:
        if self.number.data:
            return Terms(number=self.number.data)
        return Terms(surname=self.surname.data, born_on=self.born_on.data, postcode=self.postcode.data)

    @property
    def searched_by(self) -> str:
        return BY_NUMBER if self.number.data else BY_NAME


class LookUpForm(TermsForm):
    reason = LineField(
        "Why are you looking this family up?",
        [Required("Enter why you are looking this family up")],
        longest=300,
        called="Reason",
        description="The reason is kept with your name and the time",
    )


def look_up_form(_viewer: Viewer) -> LookUpForm:
    return LookUpForm()


def terms_form(_viewer: Viewer) -> TermsForm:
    return TermsForm()
