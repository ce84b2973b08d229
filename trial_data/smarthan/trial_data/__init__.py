"""What the buildings are like: a building characterisation trial read, accounted for row by row, and summed up."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .declared import IDENTITY as IDENTITY
    from .declared import TRIAL_TABLES as TRIAL_TABLES
    from .identity import read_identity as read_identity
    from .profile import building_profile as building_profile
    from .profile import building_shares as building_shares
    from .reading import read_trial as read_trial
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
    "Trial",
    "TrialRefused",
    "Truth",
    "building_profile",
    "building_shares",
    "item_missingness",
    "make_trial",
    "outcomes",
    "read_identity",
    "read_trial",
    "response_rates",
    "sample_trial",
    "write_template",
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
        "item_missingness": "smarthan.trial_data.response",
        "make_trial": "smarthan.trial_data.synthetic.generator",
        "outcomes": "smarthan.trial_data.response",
        "read_identity": "smarthan.trial_data.identity",
        "read_trial": "smarthan.trial_data.reading",
        "response_rates": "smarthan.trial_data.response",
        "sample_trial": "smarthan.trial_data.sample",
        "write_template": "smarthan.trial_data.template",
    },
)
