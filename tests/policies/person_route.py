"""Who gets what at every address: one row an endpoint, one letter a person.

Y opens or may send it · N is told that it is not theirs (403) · - finds nothing (404). Where the address names a
thing of a family there are two words: first the person's own family, then somebody else's. A restricted family is
never there for anybody without clearance, and whoever is not signed in is asked to sign in, so neither has a column.
"""

from dataclasses import dataclass

PEOPLE = (
    "coordinator",
    "lead",
    "partner",
    "partner_other_organisation",
    "social_worker",
    "social_worker_other_team",
    "social_care_manager",
    "front_door",
    "manager",
    "auditor",
    "admin",
)


@dataclass(frozen=True)
class Row:
    """`thing` tells which of several things of one kind the address is tried with."""

    own: str
    another: str | None = None
    thing: str = ""


# The groups that most rows belong to. Read each word under the people above, in their order.
READ = Row("YYYYYYY-YY-", "Y-------YY-")
WORKING = Row("YYYYYYY-YN-", "Y-------YN-")
LEADING = Row("YYNNNNN-YN-", "Y-------YN-")
KNOWING = Row("YYNNYYY-YN-", "Y-------YN-")
UNBORN = Row("YYNNYYY-YN-", "Y-------YN-", thing="unborn")
EARLY_HELP = Row("YNNNNNN-YN-", "Y-------YN-")
SOCIAL_CARE = Row("NNNNYYY-NN-", "N-------NN-")
BOTH_MANAGERS = Row("NNNNNNY-YN-", "N-------YN-")
WRITING = Row("NNNNYYY-NN-", "N-------NN-", thing="draft")
EVERYBODY = Row("YYYYYYYYYYY")

ROWS: dict[str, Row] = {
    "account.home": EVERYBODY,
    "account.own": EVERYBODY,
    "account.sign_in": EVERYBODY,
    "account.signing_in": EVERYBODY,
    "account.sign_out": EVERYBODY,
    "actions.drop": Row("YYNNNNY-YN-", "Y-------YN-"),
    "actions.mine": Row("YYYYYYYNYNN"),
    "actions.move_due": LEADING,
    "actions.one": READ,
    "actions.pass_on": LEADING,
    "actions.reopen": LEADING,
    "actions.update": Row("YYYYNNN-YN-", "Y-------YN-"),
    "actions.verify": Row("YYYYNNN-YN-", "Y-------YN-"),
    "actions.agree": Row("YYYYNNN-YN-", "Y-------YN-"),
    "admin.everybody": Row("NNNNNNNNNNY"),
    "agreement.of_family": READ,
    "agreement.record": WORKING,
    "agreement.share": Row("YYNNYYY-YN-", "Y-------YN-"),
    "agreement.stop": LEADING,
    "already_helped.already": EARLY_HELP,
    "agreements.extend": Row("NNNNNNNNYNN"),
    "agreements.listed": Row("YNNNNNNNYNN"),
    "checks.due": Row("YYYYYYYNYNN"),
    "checks.one": READ,
    "checks.record": Row("YYNNYYY-YN-", "Y-------YN-"),
    "contacts.choose": Row("YYYYYYYNYNN"),
    "contacts.new": WORKING,
    "corrections.correct": WORKING,
    "drafts.agree": Row("NNNNNNY-NN-", "N-------NN-", thing="draft"),
    "drafts.agree_as_told": WRITING,
    "drafts.check": WRITING,
    "drafts.children": WRITING,
    "drafts.needs": WRITING,
    "drafts.new": SOCIAL_CARE,
    "drafts.override": Row("NNNNNNY-NN-", "N-------NN-", thing="draft"),
    "drafts.outline": WRITING,
    "drafts.safety": WRITING,
    "drafts.send": WRITING,
    "drafts.start": SOCIAL_CARE,
    "drafts.start_found": Row("NNNNYYYNNNN"),
    "drafts.views": WRITING,
    "drafts.visit": WRITING,
    "families.index": Row("YYYYNNYNYYN"),
    "families.overview": READ,
    "families.past": READ,
    "families.whole": READ,
    "family_adding.new": Row("YNNNYYYNYNN"),
    "household.add_home": KNOWING,
    "household.add_person": KNOWING,
    "household.born": UNBORN,
    "household.confidential_address": Row("YYNNNNN-NN-", "N-------NN-"),
    "household.died": KNOWING,
    "household.edit_home": KNOWING,
    "household.edit_person": KNOWING,
    "household.end_apart": KNOWING,
    "household.ended": UNBORN,
    "household.household": READ,
    "household.keep_apart": KNOWING,
    "household.move": KNOWING,
    "household.relationships": KNOWING,
    "household.safe_contact": KNOWING,
    "closures.listed": Row("YNNNNNNNYNN"),
    "closures.new": Row("YNNNNNNNYNN"),
    "closures.take_out": Row("YNNNNNNNYNN"),
    "holding.coordinator": Row("NNNNNNN-YN-", "N-------YN-"),
    "holding.cover": Row("NNNNNNNNYNN"),
    "holding.end_cover": Row("NNNNNNNNYNN"),
    "holding.everybody": Row("NNNNNNNNYNN"),
    "holding.pass_on": Row("NNNNNNNNYNN"),
    "leads.cover": Row("YYNNNNN-YN-", "Y-------YN-", thing="leads"),
    "leads.decide": Row("NNNNNNN-YN-", "N-------YN-"),
    "leads.end": Row("YYNNNNN-YN-", "Y-------YN-", thing="leads"),
    "leads.end_cover": LEADING,
    "leads.leading": Row("YNNNNNNNYNN"),
    "leads.told": EARLY_HELP,
    "leads.withdraw": EARLY_HELP,
    "leads.answer": Row("NNYYNNN-NN-", "N-------NN-"),
    "leads.ask": EARLY_HELP,
    "look_up.look_up": Row("NNNNYYYYNNN"),
    "look_up.new_step_down": Row("NNNNYYYNNNN"),
    "meetings.arrange": LEADING,
    "meetings.calendar": READ,
    "meetings.cancel": LEADING,
    "meetings.copy": LEADING,
    "meetings.one": READ,
    "meetings.reschedule": LEADING,
    "meetings.to_see_to": Row("YYYYNNNNYNN"),
    "meetings.write_up": LEADING,
    "meetings.write_up_draft": LEADING,
    "notes.new": WORKING,
    "plans.add_actions": LEADING,
    "plans.add_need": LEADING,
    "plans.agree": LEADING,
    "plans.action_words": LEADING,
    "plans.name_need": LEADING,
    "plans.need_words": LEADING,
    "plans.begin_revision": LEADING,
    "plans.copy": LEADING,
    "plans.met": LEADING,
    "plans.not_met": EARLY_HELP,
    "plans.passed_on": LEADING,
    "plans.plan": READ,
    "plans.put_in_force": LEADING,
    "plans.reopen": EARLY_HELP,
    "plans.review": LEADING,
    "plans.templates": LEADING,
    "plans.versions": READ,
    "social_work.closed": Row("YNNNYYY-YN-", "Y-------YN-"),
    "social_work.holder": Row("NNNNNNN-YN-", "N-------YN-"),
    "social_work.pass_on": Row("NNNNNNYNNNN"),
    "social_work.reopen": Row("NNNNNNY-NN-", "N-------NN-"),
    "standards.change": Row("NNNNNNNNYNN"),
    "standards.listed": Row("YNNNYYYNYYN"),
    "step_downs.accept": EARLY_HELP,
    "step_downs.answer": Row("YNNNYYY-YN-", "Y-------YN-"),
    "step_downs.agree_to_stay": Row("NNNNNNY-NN-", "N-------NN-"),
    "step_downs.ask": EARLY_HELP,
    "step_downs.ask_to_stay": SOCIAL_CARE,
    "step_downs.complete": SOCIAL_CARE,
    "step_downs.decide": BOTH_MANAGERS,
    "step_downs.decision": BOTH_MANAGERS,
    "step_downs.decline": EARLY_HELP,
    "step_downs.listed": Row("YNNNYYYNYNN"),
    "step_downs.one": READ,
    "step_downs.said_no": Row("YYNNYYY-YN-", "Y-------YN-"),
    "step_downs.settle": Row("YYNNNNY-YN-", "Y-------YN-"),
    "step_downs.what_now": SOCIAL_CARE,
    "step_downs.told": Row("YYNNNNY-YN-", "Y-------YN-"),
    "step_downs.waive": BOTH_MANAGERS,
    "support.new": WORKING,
    "support.of_family": READ,
    "support.one": READ,
    "team.add": LEADING,
    "team.come_back": LEADING,
    "team.correct": LEADING,
    "team.leave": LEADING,
    "team.of_family": READ,
    "team.lacking": Row("YNNNNNNNYNN"),
    # of what the social worker recorded
    "undo.undo": Row("NNNNYYN-NN-", "N-------NN-"),
}
