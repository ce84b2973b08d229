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
    "find_class_disclosure",
    "item_missingness",
    "join_identity",
    "k_anonymity",
    "make_trial",
    "outcomes",
    "publish",
    "read_identity",
    "read_trial",
    "response_rates",
    "round_counts",
    "sample_trial",
    "suppress",
    "suppress_linked",
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
        "find_class_disclosure": "smarthan.trial_data.disclosure.primary",
        "item_missingness": "smarthan.trial_data.response",
        "k_anonymity": "smarthan.trial_data.disclosure.anonymity",
        "join_identity": "smarthan.trial_data.identity",
        "make_trial": "smarthan.trial_data.synthetic.generator",
        "outcomes": "smarthan.trial_data.response",
        "publish": "smarthan.trial_data.disclosure.publication",
        "read_identity": "smarthan.trial_data.identity",
        "read_trial": "smarthan.trial_data.reading",
        "response_rates": "smarthan.trial_data.response",
        "round_counts": "smarthan.trial_data.disclosure.rounding",
        "sample_trial": "smarthan.trial_data.sample",
        "suppress": "smarthan.trial_data.disclosure.suppression",
        "suppress_linked": "smarthan.trial_data.disclosure.suppression",
    },
)
