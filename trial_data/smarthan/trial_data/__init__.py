"""What the buildings are like: a building characterisation trial read, accounted for row by row, and summed up."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .declared import IDENTITY as IDENTITY
    from .declared import TRIAL_TABLES as TRIAL_TABLES
    from .disclosure.anonymity import KAnonymity as KAnonymity
    from .disclosure.anonymity import k_anonymity as k_anonymity
    from .disclosure.ladder import Rung as Rung
    from .disclosure.primary import find_class_disclosure as find_class_disclosure
    from .disclosure.publication import PublicationRefused as PublicationRefused
    from .disclosure.publication import Published as Published
    from .disclosure.publication import publish as publish
    from .disclosure.rounding import round_counts as round_counts
    from .disclosure.suppression import Suppressed as Suppressed
    from .disclosure.suppression import suppress as suppress
    from .disclosure.suppression import suppress_linked as suppress_linked
    from .identity import join_identity as join_identity
    from .identity import read_identity as read_identity
    from .profile import building_profile as building_profile
    from .profile import building_shares as building_shares
    from .reading import read_trial as read_trial
    from .representativeness.absentees import missing_groups as missing_groups
    from .representativeness.absentees import response_balance as response_balance
    from .representativeness.frames import frame_coverage as frame_coverage
    from .representativeness.frames import stock_coverage as stock_coverage
    from .representativeness.instrument_readings import censored_status as censored_status
    from .representativeness.instrument_readings import readings_by_instrument as readings_by_instrument
    from .representativeness.surveyors import surveyor_funnel as surveyor_funnel
    from .representativeness.weighting import weights_summary as weights_summary
    from .response import item_missingness as item_missingness
    from .response import outcomes as outcomes
    from .response import response_rates as response_rates
    from .sample import sample_trial as sample_trial
    from .synthetic.generator import Truth as Truth
    from .synthetic.generator import make_trial as make_trial
    from .template import write_template as write_template
    from .trial import Trial as Trial
    from .trial import TrialRefused as TrialRefused

__all__ = [
    "IDENTITY",
    "TRIAL_TABLES",
    "KAnonymity",
    "PublicationRefused",
    "Published",
    "Rung",
    "Suppressed",
    "Trial",
    "TrialRefused",
    "Truth",
    "building_profile",
    "building_shares",
    "censored_status",
    "find_class_disclosure",
    "frame_coverage",
    "item_missingness",
    "join_identity",
    "k_anonymity",
    "make_trial",
    "missing_groups",
    "outcomes",
    "publish",
    "read_identity",
    "read_trial",
    "readings_by_instrument",
    "response_balance",
    "response_rates",
    "round_counts",
    "sample_trial",
    "stock_coverage",
    "suppress",
    "suppress_linked",
    "surveyor_funnel",
    "weights_summary",
    "write_template",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "IDENTITY": "smarthan.trial_data.declared",
        "TRIAL_TABLES": "smarthan.trial_data.declared",
        "KAnonymity": "smarthan.trial_data.disclosure.anonymity",
        "PublicationRefused": "smarthan.trial_data.disclosure.publication",
        "Published": "smarthan.trial_data.disclosure.publication",
        "Rung": "smarthan.trial_data.disclosure.ladder",
        "Suppressed": "smarthan.trial_data.disclosure.suppression",
        "Trial": "smarthan.trial_data.trial",
        "TrialRefused": "smarthan.trial_data.trial",
        "Truth": "smarthan.trial_data.synthetic.generator",
        "building_profile": "smarthan.trial_data.profile",
        "building_shares": "smarthan.trial_data.profile",
        "censored_status": "smarthan.trial_data.representativeness.instrument_readings",
        "find_class_disclosure": "smarthan.trial_data.disclosure.primary",
        "frame_coverage": "smarthan.trial_data.representativeness.frames",
        "item_missingness": "smarthan.trial_data.response",
        "join_identity": "smarthan.trial_data.identity",
        "k_anonymity": "smarthan.trial_data.disclosure.anonymity",
        "make_trial": "smarthan.trial_data.synthetic.generator",
        "missing_groups": "smarthan.trial_data.representativeness.absentees",
        "outcomes": "smarthan.trial_data.response",
        "publish": "smarthan.trial_data.disclosure.publication",
        "read_identity": "smarthan.trial_data.identity",
        "read_trial": "smarthan.trial_data.reading",
        "readings_by_instrument": "smarthan.trial_data.representativeness.instrument_readings",
        "response_balance": "smarthan.trial_data.representativeness.absentees",
        "response_rates": "smarthan.trial_data.response",
        "round_counts": "smarthan.trial_data.disclosure.rounding",
        "sample_trial": "smarthan.trial_data.sample",
        "stock_coverage": "smarthan.trial_data.representativeness.frames",
        "suppress": "smarthan.trial_data.disclosure.suppression",
        "suppress_linked": "smarthan.trial_data.disclosure.suppression",
        "surveyor_funnel": "smarthan.trial_data.representativeness.surveyors",
        "weights_summary": "smarthan.trial_data.representativeness.weighting",
        "write_template": "smarthan.trial_data.template",
    },
)
