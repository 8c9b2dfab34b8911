"""Rooms and doors: what no route, service, view or template may do, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import String

import portal
from portal import Unguarded, blueprints, create_app
from portal.core.config import Settings
from portal.core.db import db
from portal.domain.permissions import P
from portal.web.gate import GUARDED, Feature
from portal.web.policy import Anyone, ByBrowser, ByLink, Policy
from tests.support.routes import door_of, doors

PORTAL = Path(portal.__file__).parent
LONGEST = 400
# Everybody who may read past the seat-belt, and why. A new one needs a reason here.
UNSCOPED = {
    # computed from all of a family's rows, whoever asks, so that nobody's narrow view makes a wrong count
    ("portal.facts.completeness", "what a draft lacks"),
    ("portal.facts.confidential", "whose address is confidential"),
    ("portal.facts.gates", "gates"),
    ("portal.facts.holders", "who holds each child"),
    ("portal.queries.closed_days", "how many due dates fall on a day, in numbers alone"),
    ("portal.facts.held", "how much somebody holds, in numbers alone"),
    ("portal.facts.open_things", "recount"),
    ("portal.facts.owners", "re-own checks"),
    ("portal.queries.candidates", "what a candidate carries already"),
    ("portal.services.checks", "re-own checks"),
    ("portal.services.completion", "who holds the family after completion"),
    ("portal.services.standards", "a standard moves dates"),
    ("portal.services.summary", "recount"),
    ("portal.services.sweeps", "a standard moves dates"),
    ("portal.services.unfollowed", "checks that are missing"),
    # whoever found a family by a recorded look-up suggests support to it; who is on duty takes it up
    ("portal.services.suggesting", "a family found by a recorded look-up"),
    ("portal.services.duty", "whether a family has a coordinator"),
    # a service reaches the one referral that was sent to it, and of it no more than what was shared
    ("portal.queries.received", "what was sent to the viewer's service"),
    ("portal.services.received", "the receiving service answers"),
    ("portal.services.drafts", "whether a step-down of the family is open"),
    # what is asked before, or while, somebody comes into reach
    ("portal.policies.ties", "ties of the viewer to one family"),
    # for the log alone: who asked reads the page that says it is not there, as for everything that is not
    ("portal.policies.out_of_reach", "whose the thing is that was refused"),
    ("portal.services.known_families", "whether a reference is in use"),
    ("portal.facts.numbers", "whether a number is in use"),
    # words vanish for everybody or for nobody
    ("portal.services.hiding", "hide words wherever they stand"),
    ("portal.services.leads", "the nominee accepts"),
    ("portal.services.team", "whether sharing was stopped"),
    ("portal.services.team", "whether somebody is on the team already"),
    ("portal.services.team", "whether somebody may see this family"),
    # whose own family it is, whoever reaches it
    ("portal.services.restriction", "whether somebody can be cleared"),
    ("portal.services.conflicts", "somebody declares a conflict of interest"),
    ("portal.services.conflicts", "whether a conflict of interest is recorded"),
    ("portal.services.conflicts", "whether a manager is left for a family"),
    ("portal.services.emergencies", "a family opened in an emergency"),
    # where no manager may look into it, an administrator learns that it was, and nothing of the family
    ("portal.facts.looking_through", "whether a manager may look into what was opened in an emergency"),
    ("portal.services.emergency_news", "who opened something in an emergency, for administrators"),
    # narrow doors
    ("portal.facts.family_links", "a family's link"),
    ("portal.services.family_answers", "a family answers by its link"),
    ("portal.services.link_messages", "a family's link is sent"),
    ("portal.queries.doors", "look-up card"),
    ("portal.services.drafts", "a family found by a recorded look-up"),
    ("portal.queries.suggested", "what somebody suggested to a family they looked up"),
    ("portal.queries.doors", "nominated lead"),
    ("portal.services.drafts", "a family found by a recorded look-up"),
    ("portal.services.look_ups", "a family found by a recorded look-up"),
    # a message is read as its recipient, but for whom it is for, and the few letters and numbers it names
    ("portal.facts.recipients", "whom a message is for"),
    ("portal.queries.notices", "whether a message may reach somebody"),
    ("portal.queries.notices", "a family's initials in a message"),
    ("portal.queries.notices", "what was sent to a service, in a message to it"),
    ("portal.queries.notices", "who asks, in a message"),
    # a copy of what is held says how much it leaves out
    ("portal.queries.held_kept_back", "how much is held and not in a copy"),
    # two records become one whoever could read which row; what was merged is found where it is now
    ("portal.facts.merging", "which record another was merged into"),
    ("portal.facts.merging", "whether a merge is proposed"),
    ("portal.facts.merge_obstacles", "whether two records can be merged"),
    ("portal.queries.merge_reach", "who works with two records that may be one family"),
    ("portal.queries.held_about", "what is left of a record that was merged into another"),
    ("portal.services.merging", "two records are merged"),
    ("portal.services.parting", "two records are taken apart"),
    # of a record that is destroyed nothing is left, whoever could read it
    ("portal.services.destruction", "a record is destroyed"),
    # what runs in no request
    ("portal.queries.log_check", "whether a record is there still"),
    ("portal.services.reminders_together", "which reminders were sent by one click"),
    ("portal.services.by_the_clock", "what waits for the clock"),
    ("portal.services.digests", "who has a digest today"),
    ("portal.demo.story", "the demonstration tells its stories"),
}
# The criteria themselves; and rows written without being read.
TABLES_ALLOWED = {"portal.policies.criteria", "portal.policies.barred", "portal.policies.scope", "portal.core.sets"}
RAW = {"text", "table", "literal_column"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(PORTAL.rglob("*.py")):
        name = ".".join(["portal", *path.relative_to(PORTAL).with_suffix("").parts]).removesuffix(".__init__")
        yield name, path, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


class TestRoutes:
    def test_every_endpoint_is_guarded(self, migrated: Flask) -> None:
        assert set(doors(migrated)) <= GUARDED

    def test_the_portal_does_not_start_with_a_bare_route(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "bare.py").write_text(
            "from flask import Blueprint\n"
            "bp = Blueprint('bare', __name__)\n"
            "@bp.get('/bare')\n"
            "def nothing_asked():\n"
            "    return 'anything'\n"
        )
        monkeypatch.setattr(blueprints, "__path__", [*blueprints.__path__, str(tmp_path)])

        with pytest.raises(Unguarded, match=r"bare\.nothing_asked"):
            create_app(settings)

    def test_leaving_the_policy_out_is_an_error_on_import(self) -> None:
        feature = Feature("forgetful", __name__)

        with pytest.raises(TypeError, match="policy"):
            feature.get("/open")  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="policy"):
            feature.post("/open")  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="policy"):
            feature.form("/open", form=None, page=None)  # type: ignore[call-arg,arg-type]

    @pytest.mark.parametrize("wrong", [None, P.FAMILY_VIEW, "family.view"])
    def test_what_is_no_policy_is_refused(self, wrong: object) -> None:
        feature = Feature("forgetful", __name__)

        with pytest.raises(TypeError, match="names no policy"):
            feature.get("/open", policy=wrong)(lambda _viewer: "")  # type: ignore[arg-type]

    def test_open_doors_are_few_and_say_why(self, migrated: Flask) -> None:
        policies = doors(migrated)

        assert {name for name, door in policies.items() if isinstance(door, Anyone)} == {
            "about.accessibility",
            "about.cookies",
            "about.help_page",
            "about.privacy",
            "account.forgotten",
            "account.sign_in",
            "account.signing_in",
            "passkeys.sign_in",
            "provider.back",
            "provider.begin",
        }
        assert [name for name, door in policies.items() if isinstance(door, Anyone) and door.changes] == [
            "provider.back"
        ]
        assert {name for name, door in policies.items() if isinstance(door, ByLink)} == {
            "family_link.question",
            "family_link.answer",
            "account.set_password",
            "account.setting_password",
        }
        assert {name for name, door in policies.items() if isinstance(door, ByBrowser)} == {"browsers_report"}
        assert all(door.reason for door in policies.values() if not isinstance(door, Policy))

    def test_an_address_that_holds_a_reference_names_the_thing(self, migrated: Flask) -> None:
        """A reference that the gate does not load would be an id in a view's hands."""
        for rule in migrated.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            door = door_of(migrated, rule.endpoint)
            if "<ref:" in rule.rule:
                assert isinstance(door, Policy), rule
                assert door.model is not None, rule
            assert not re.search(r"<(?:int|string|path|uuid):|<\w+>", rule.rule), f"{rule} takes a bare value"


class TestCode:
    def test_a_state_changes_in_one_place(self) -> None:
        found = []
        for name, _path, tree in modules():
            for node in ast.walk(tree):
                targets = (
                    node.targets
                    if isinstance(node, ast.Assign)
                    else [node.target]
                    if isinstance(node, ast.AugAssign | ast.AnnAssign)
                    else []
                )
                if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                    found.append(name)
            found += [
                name
                for call in calls(tree, "setattr")
                if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and call.args[1].value == "state"
            ]

        assert set(found) == {"portal.services.moves"}

    def test_no_state_is_set_by_a_sweeping_update(self) -> None:
        for name, _path, tree in modules():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
                    assert "state" not in {keyword.arg for keyword in node.keywords}, name

    def test_tables_are_read_through_mapped_classes(self) -> None:
        found = {
            name
            for name, _path, tree in modules()
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "__table__"
        }

        assert found <= TABLES_ALLOWED

    def test_no_statement_is_written_as_text(self) -> None:
        for name, _path, tree in modules():
            if name.startswith(("portal.core", "portal.models")):
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                    assert not RAW & {alias.name for alias in node.names}, name
                if isinstance(node, ast.Attribute):
                    assert node.attr != "exec_driver_sql", name

    def test_features_know_no_database(self) -> None:
        for name, _path, tree in modules():
            if not name.startswith("portal.blueprints"):
                continue
            for node in ast.walk(tree):
                imported = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                assert not any(module.split(".")[0] in {"sqlalchemy", "flask_sqlalchemy"} for module in imported), name
                assert "portal.core.db" not in imported, name

    def test_views_never_commit_nor_catch(self) -> None:
        for name, _path, tree in modules():
            if not re.fullmatch(r"portal\.blueprints\.\w+\.\w*views\w*", name):
                continue
            for node in ast.walk(tree):
                assert not isinstance(node, ast.Try), name
                if isinstance(node, ast.Attribute):
                    assert node.attr not in {"commit", "rollback", "session_id"} or name.endswith("account.views"), name

    def test_services_never_commit(self) -> None:
        for name, _path, tree in modules():
            if name.startswith(("portal.services", "portal.queries", "portal.facts", "portal.policies")):
                for node in ast.walk(tree):
                    assert not (isinstance(node, ast.Attribute) and node.attr == "commit"), name

    def test_who_reads_past_the_seat_belt(self) -> None:
        found = {
            (name, ast.literal_eval(call.args[0]))
            for name, _path, tree in modules()
            for call in calls(tree, "unscoped")
        }

        assert found == UNSCOPED

    def test_the_log_is_written_in_one_place(self) -> None:
        """A row written past it would have no signature, and the log would not be whole."""
        found = {
            name
            for name, _path, tree in modules()
            for made in ("Audit", "insert")
            for call in calls(tree, made)
            if made == "Audit" or "Audit" in {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
        }

        assert found == {"portal.services.remember"}

    def test_no_module_has_two_subjects(self) -> None:
        lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path, _tree in modules()}

        assert not {name: length for name, length in lengths.items() if length > LONGEST}

    def test_every_module_says_what_is_in_it(self) -> None:
        for name, _path, tree in modules():
            assert ast.get_docstring(tree), name

    def test_today_is_asked_in_one_place(self) -> None:
        for name, _path, tree in modules():
            if name == "portal.core.clock":
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    assert (node.value.id, node.attr) not in {("date", "today"), ("datetime", "now")}, name


class TestTables:
    def test_every_column_of_text_has_a_length_or_is_long(self) -> None:
        for table in db.metadata.tables.values():
            for column in table.c:
                if type(column.type) is String:
                    assert column.type.length, f"{table.name}.{column.name}"

    def test_every_constraint_has_a_name(self) -> None:
        for table in db.metadata.tables.values():
            for constraint in table.constraints:
                assert constraint.name, f"{table.name}: {constraint}"
