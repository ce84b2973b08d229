"""What the buildings are like: a building characterisation trial read, accounted for row by row, and summed up."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .declared import IDENTITY as IDENTITY
    from .declared import TRIAL_TABLES as TRIAL_TABLES
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
    from .trial import Trial as Trial
    from .trial import TrialRefused as TrialRefused

__all__ = [
    "IDENTITY",
    "TRIAL_TABLES",
    "Trial",
    "TrialRefused",
    "Truth",
    "building_profile",
    "building_shares",
    "censored_status",
    "frame_coverage",
    "item_missingness",
    "join_identity",
    "make_trial",
    "missing_groups",
    "outcomes",
    "read_identity",
    "read_trial",
    "readings_by_instrument",
    "response_balance",
    "response_rates",
    "sample_trial",
    "stock_coverage",
    "surveyor_funnel",
    "weights_summary",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "IDENTITY": "smarthan.trial_data.declared",
        "TRIAL_TABLES": "smarthan.trial_data.declared",
        "Trial": "smarthan.trial_data.trial",
        "TrialRefused": "smarthan.trial_data.trial",
        "Truth": "smarthan.trial_data.synthetic.generator",
        "building_profile": "smarthan.trial_data.profile",
        "building_shares": "smarthan.trial_data.profile",
        "censored_status": "smarthan.trial_data.representativeness.instrument_readings",
        "frame_coverage": "smarthan.trial_data.representativeness.frames",
        "item_missingness": "smarthan.trial_data.response",
        "join_identity": "smarthan.trial_data.identity",
        "make_trial": "smarthan.trial_data.synthetic.generator",
        "missing_groups": "smarthan.trial_data.representativeness.absentees",
        "outcomes": "smarthan.trial_data.response",
        "read_identity": "smarthan.trial_data.identity",
        "read_trial": "smarthan.trial_data.reading",
        "readings_by_instrument": "smarthan.trial_data.representativeness.instrument_readings",
        "response_balance": "smarthan.trial_data.representativeness.absentees",
        "response_rates": "smarthan.trial_data.response",
        "sample_trial": "smarthan.trial_data.sample",
        "stock_coverage": "smarthan.trial_data.representativeness.frames",
        "surveyor_funnel": "smarthan.trial_data.representativeness.surveyors",
        "weights_summary": "smarthan.trial_data.representativeness.weighting",
    },
)
