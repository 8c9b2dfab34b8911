"""The map of a team: the family in the middle, people by organisation, the ring of needs; and its list."""

from itertools import combinations

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.plans import Headline
from portal.models.handover import LeadAssignment
from portal.queries.lettering import width
from portal.queries.team_map import MOST_GROUPS, WIDTH, Covered, Somebody, Tied, drawn
from tests.support.handovers import a_handover
from tests.support.people import Council, an_action, an_active_family
from tests.support.plans import a_need
from tests.support.situations import support, without_lead
from tests.support.web import SignIn


def people(number: int, of: int) -> list[Somebody]:
    return [Somebody(f"Person {n}", f"Organisation {n % of}", Tied.ACTIVE) for n in range(number)]


class TestThePicture:
    @pytest.mark.parametrize("page", ["", "/team"])
    def test_groups_people_by_organisation_on_both_pages(self, council: Council, sign_in: SignIn, page: str) -> None:
        team = an_active_family(council)

        drawing = sign_in(council.partner).get(f"/families/{team.ref}{page}").soup.select_one("svg")

        assert drawing is not None
        words = [text.get_text() for text in drawing.select("text")]
        assert words[0] == team.ref
        for expected in ("The family", "Siobhán O’Neill", "Ambleford", "Lena Lead", "lead", "Pat Partner"):
            assert any(expected in each for each in words), (expected, words)
        assert "3 people on the team, from 2 organisations. Nobody is covering: education" in drawing.get_text()

    def test_says_by_the_line_who_was_asked_and_who_left(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.add(
                LeadAssignment(
                    family_id=team.family.id,
                    episode_id=team.episode.id,
                    user_id=council.partner_other_organisation.id,
                    name=council.partner_other_organisation.name,
                    state=LeadState.NOMINATED,
                    nominated_by_name="Carol Coordinator",
                    nominated_at=clock.now(),
                    answer_by=clock.today(),
                )
            )
        lead = sign_in(council.lead)
        lead.submit(f"/members/T-{team.partner.id}/leave", {"why": "left_job"})

        page = lead.get(f"/families/{team.ref}/team")

        assert "1 asked to lead; 1 left" in page.text_of("figcaption")
        # One of each is the picture's own explanation; an organisation's line is its people's.
        assert len(page.soup.select("svg .app-team-map__left")) == 3
        assert len(page.soup.select("svg .app-team-map__asked")) == 2

    def test_says_who_of_the_team_was_asked_without_a_sign_in_too(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        team, outside = handover.team, handover.outside
        without_lead(council, team)
        sign_in(council.coordinator).submit(f"/families/{team.ref}/team/lead", {"lead": f"m-{outside.id}"})

        page = sign_in(council.coordinator).get(f"/families/{team.ref}/team")

        words = [text.get_text() for text in page.soup.select("svg text")]
        assert words[words.index("Nan Okafor") + 1] == "asked to lead"
        assert "1 asked to lead" in page.text_of("figcaption")

    def test_the_ring_has_a_gap_where_nobody_covers_a_need_and_the_list_says_so(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        an_action(council, team)
        a_need(council, team, headline=Headline.HOUSING)

        page = sign_in(council.lead).get(f"/families/{team.ref}/team")

        assert len(page.soup.select("svg path.app-team-map__covered")) == 1
        assert "2?" in [text.get_text() for text in page.soup.select("svg text")]
        assert "Education: Pat Partner Housing: nobody is covering this" in page.text_of("ol.govuk-list--number")
        assert "Nobody is covering: housing" in page.text_of("figcaption")

    def test_marks_what_is_only_suggested_and_says_so_in_the_list_and_the_plan(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        support(council, team.home, need=team.need)
        lead = sign_in(council.lead)

        page = lead.get(f"/families/{team.ref}/team")

        assert len(page.soup.select("svg path.app-team-map__suggested")) == 1
        assert "Education: Breakfast club, only suggested so far" in page.text_of("ol.govuk-list--number")
        assert "Only suggested so far: education." in page.text_of("figcaption")
        for address in ("", "/plan"):
            assert "Only suggested so far: education" in lead.get(f"/families/{team.ref}{address}").main


class TestItsGeometry:
    @pytest.mark.parametrize("name", ["Ambleford School Nursing Service", "Wolverhamptonshire", "MMMMMMMMMMMMMMM"])
    def test_no_word_is_wider_than_its_box(self, name: str) -> None:
        (box,) = drawn("F-1", [Somebody(name, name, Tied.ACTIVE)], []).boxes

        assert all(width(line, bold=True) <= 144 for line in box.lines)
        assert all(width(line) <= 118 for line in box.names[0].lines)

    @pytest.mark.parametrize(("number", "of"), [(0, 1), (1, 1), (20, 1), (20, 6), (20, 20), (500, 60)])
    def test_nothing_lies_over_anything_else_nor_outside(self, number: int, of: int) -> None:
        found = drawn("F-1", people(number, of), [Covered(headline, [], covered=True) for headline in Headline])

        frames = [(box.x, box.y - 12, box.x + 156, box.y - 12 + box.height) for box in found.boxes]
        ring = (WIDTH / 2 - 72, found.middle - 72, WIDTH / 2 + 72, found.middle + 72)
        for left, top, right, bottom in frames:
            assert left >= 0 <= top
            assert right <= WIDTH
            assert bottom <= found.legend
        for one, other in combinations([*frames, ring], 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)

    def test_twenty_people_are_all_named(self) -> None:
        found = drawn("F-1", people(20, 5), [])

        assert sum(len(box.names) for box in found.boxes) == 20
        assert not found.more

    def test_it_is_bounded_whatever_the_number_and_says_what_it_leaves_out(self) -> None:
        found = drawn("F-1", people(500, 20), [])

        assert len(found.boxes) == MOST_GROUPS
        assert found.more == "and 10 more organisations"
        assert found.boxes[0].more == "and 17 more"
        assert found.height < 1520
