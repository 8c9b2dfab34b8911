"""The one next step of a family."""

from datetime import date

from portal.domain.next_steps import SENTENCES, Next, Step, most_urgent


def step(kind: Next, due: date | None = None, subject: str = "") -> Step:
    return Step(kind, subject, "Lena Lead", 1, due)


class TestMostUrgent:
    def test_nothing_open_is_no_step(self) -> None:
        assert most_urgent([]) is None

    def test_earliest_due_first(self) -> None:
        sooner, later = step(Next.ACTION, date(2025, 3, 3)), step(Next.CHECK, date(2025, 3, 4))

        assert most_urgent([later, sooner]) is sooner

    def test_what_has_a_date_comes_before_what_has_none(self) -> None:
        dated, undated = step(Next.ACTION, date(2030, 1, 1)), step(Next.ASK_LEAD)

        assert most_urgent([undated, dated]) is dated

    def test_a_family_that_nobody_holds_comes_before_everything(self) -> None:
        held = step(Next.NAME_HOLDER, date(2025, 3, 4))

        assert most_urgent([step(Next.ACTION, date(2024, 1, 1)), held]) is held

    def test_on_one_day_what_matters_more_then_the_older_reference(self) -> None:
        day = date(2025, 3, 3)
        answer, action, other = (
            step(Next.ANSWER_LEAD, day, "L-2"),
            step(Next.ACTION, day, "A-1"),
            step(Next.ACTION, day, "A-2"),
        )

        assert most_urgent([other, action, answer]) is answer
        assert most_urgent([other, action]) is action


def test_every_kind_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Next)
