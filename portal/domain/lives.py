"""Every life of the portal, in one place for the reader, its test and the printed page."""

from portal.domain.episodes import EPISODE
from portal.domain.leads import LEAD
from portal.domain.meetings import MEETING
from portal.domain.plans import ACTION, NEED, PLAN
from portal.domain.step_downs import OUTSTANDING_ACTION, STEP_DOWN
from portal.domain.support import CHECK, REFERRAL

LIVES = (STEP_DOWN, OUTSTANDING_ACTION, LEAD, MEETING, EPISODE, PLAN, NEED, ACTION, REFERRAL, CHECK)
