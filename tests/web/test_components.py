"""The macros that show a form: what was typed comes back as it was, and errors lead to their field."""

from collections.abc import Iterator, Mapping
from typing import Any

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from portal.web.buttons import unseen

PAGE = """
{% from "components/form.html" import form_open, form_close, field, error_summary, buttons %}
<!doctype html><html lang="en"><head><title>A form</title></head><body>
{{ error_summary(form) }}
{{ form_open(form, action="/actions/A-7", hx={"target": "#action-7"}) }}
{{ field(form.title) }}
{% set other %}{{ field(form.other) }}{% endset %}
{{ field(form.who, conditional={"other": other}) }}
{{ field(form.due) }}
{% for child in form.children %}{{ field(child.form.name) }}{% endfor %}
{{ buttons("Save", {"text": "Save and add another", "name": "next", "value": "another"}, cancel="/plan") }}
{{ form_close() }}
</body></html>
"""


class DateInParts(StringField):
    """As a date comes from a person: three texts, of which one may be the wrong one."""

    wrong_parts = ("month",)

    @property
    def parts(self) -> Mapping[str, str]:
        return {"day": "31", "month": "13", "year": "2025"}


class ChildForm(Form):
    """One of several rows."""

    name = StringField("Child’s name", [InputRequired("Enter the child’s name")])


class LongForm(Form):
    what = TextAreaField("What happened?")


class ActionForm(Form):
    """One field of each kind that is not plain."""

    version = HiddenField(default="3")
    title = StringField("What will the {lead_professional} do?", [InputRequired("Enter what will happen")])
    who = RadioField(
        "Who will do this?", [InputRequired("Choose who")], choices=[SelectChoice("me"), SelectChoice("other")]
    )
    other = TextAreaField("Who else?")
    due = DateInParts("When?", [InputRequired("Date it is due must be a real date, like 27 3 2025")])
    children = FieldList(FormField(ChildForm), min_entries=2)


@pytest.fixture
def pages() -> Iterator[Flask]:
    pages = Flask("portal")
    pages.jinja_loader = ChoiceLoader(
        [PackageLoader("portal"), PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    pages.jinja_env.globals["phrase"] = lambda text: text.replace("{lead_professional}", "lead worker")
    pages.jinja_env.globals["unseen"] = unseen
    with pages.test_request_context():
        yield pages


def shown(answers: dict[str, Any] | None = None) -> BeautifulSoup:
    form = ActionForm(ImmutableMultiDict(answers) if answers is not None else None)
    if answers is not None:
        form.validate()
    page = render_template_string(PAGE, form=form).strip()
    html5lib.HTMLParser(strict=True).parse(page)
    return BeautifulSoup(page, "lxml")


@pytest.mark.usefixtures("pages")
class TestAFormThatWasRefused:
    def test_every_error_leads_to_an_input_and_says_the_same_there(self) -> None:
        page = shown({"version": "3", "children-0-name": "", "children-1-name": ""})

        links = page.select(".govuk-error-summary a")
        assert [link["href"] for link in links] == [
            "#title",
            "#who",
            "#due-month",
            "#children-0-name",
            "#children-1-name",
        ]
        for link in links:
            target = page.select_one(str(link["href"]))
            assert target is not None
            assert target.name == "input"
            group = target.find_parent(class_="govuk-form-group--error")
            assert group is not None
            assert link.get_text(strip=True) in group.get_text()

    def test_text_keeps_its_lines_and_spaces_even_inside_a_choice(self) -> None:
        typed = "\nFirst  line\r\n  second <line>\n\n{lead_professional} & “others”"

        page = shown({"who": "other", "other": typed})

        area = page.select_one("#conditional-who-2 textarea")
        assert area is not None
        assert area.get_text() == "\n" + typed.replace("\r\n", "\n")  # a browser drops the first line break

    def test_only_the_wrong_part_of_a_date_is_marked(self) -> None:
        page = shown({"due": ""})

        assert [part["id"] for part in page.select(".govuk-date-input .govuk-input--error")] == ["due-month"]


@pytest.mark.usefixtures("pages")
class TestAFormThatIsShown:
    def test_it_posts_to_the_same_place_with_and_without_htmx(self) -> None:
        form = shown().select_one("form")

        assert form is not None
        assert (form["action"], form["hx-post"], form["hx-target"]) == ("/actions/A-7", "/actions/A-7", "#action-7")
        assert form.has_attr("novalidate")

    def test_hidden_fields_have_no_id_so_that_a_page_may_hold_several_forms(self) -> None:
        hidden = shown().select("input[type=hidden]")

        assert [(field["name"], field["value"], field.get("id")) for field in hidden] == [("version", "3", None)]

    def test_a_choice_reveals_its_question_without_script(self) -> None:
        page = shown()

        assert not page.select("[data-aria-controls], .govuk-radios__conditional--hidden")
        assert page.select_one("[data-reveals=conditional-who-2]") is not None

    def test_the_words_for_concepts_are_the_councils(self) -> None:
        assert "What will the lead worker do?" in shown().get_text()

    def test_a_large_limit_of_characters_has_its_comma(self) -> None:
        page = '{% from "components/form.html" import field %}{{ field(form.what, maxlength=10000) }}'
        form = LongForm()

        assert "You can enter up to 10,000 characters" in render_template_string(page, form=form)

    def test_there_is_no_summary_without_an_error(self) -> None:
        assert not shown().select(".govuk-error-summary")
