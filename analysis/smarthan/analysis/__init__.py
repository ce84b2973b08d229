"""From evidence to recommendation: survey estimation, reach of the technologies, scoring of the candidates."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from smarthan.intervals import binomial_interval as binomial_interval

    from .acceptability import Smaa as Smaa
    from .acceptability import smaa as smaa
    from .appraisal import Appraisal as Appraisal
    from .appraisal_problems import AppraisalError as AppraisalError
    from .appraisal_reading import read_appraisal as read_appraisal
    from .beta_binomial import evsi_beta_binomial as evsi_beta_binomial
    from .crosscheck import ahp_weights as ahp_weights
    from .crosscheck import promethee2 as promethee2
    from .crosscheck import topsis as topsis
    from .decisions import Decision as Decision
    from .demonstration_appraisal import sample_appraisal as sample_appraisal
    from .demonstration_appraisal import write_demonstration_appraisal as write_demonstration_appraisal
    from .disagreement import Disagreement as Disagreement
    from .discounting import GREEN_BOOK_2026 as GREEN_BOOK_2026
    from .discounting import discount as discount
    from .discounting import discount_factors as discount_factors
    from .estimates import Estimate as Estimate
    from .home_outcomes import dwelling_reached as dwelling_reached
    from .home_reach import Reach as Reach
    from .home_reach import reach as reach
    from .information import Information as Information
    from .information import enbs as enbs
    from .information import evpi as evpi
    from .information import evppi as evppi
    from .information import normal_evpi as normal_evpi
    from .link_outcomes import path_success as path_success
    from .reach_steps import marginal_reach as marginal_reach
    from .sample_sizes import SampleSize as SampleSize
    from .sample_sizes import sample_size as sample_size
    from .scoring import Score as Score
    from .shortlists import Shortlist as Shortlist
    from .simulation import Simulation as Simulation
    from .stability import weight_stability as weight_stability
    from .stock import housing_stock as housing_stock
    from .stock import read_stock as read_stock
    from .sufficiency import evidence_sufficiency as evidence_sufficiency
    from .survey import SurveyDesign as SurveyDesign
    from .technology_table import published_reach as published_reach
    from .technology_table import technologies as technologies
    from .value_of_information import ValueOfInformation as ValueOfInformation
    from .values import additive_value as additive_value
    from .values import piecewise_value as piecewise_value
    from .weights import rank_order_weights as rank_order_weights

__all__ = [
    "GREEN_BOOK_2026",
    "Appraisal",
    "AppraisalError",
    "Decision",
    "Disagreement",
    "Estimate",
    "Information",
    "Reach",
    "SampleSize",
    "Score",
    "Shortlist",
    "Simulation",
    "Smaa",
    "SurveyDesign",
    "ValueOfInformation",
    "additive_value",
    "ahp_weights",
    "binomial_interval",
    "discount",
    "discount_factors",
    "dwelling_reached",
    "enbs",
    "evidence_sufficiency",
    "evpi",
    "evppi",
    "evsi_beta_binomial",
    "housing_stock",
    "marginal_reach",
    "normal_evpi",
    "path_success",
    "piecewise_value",
    "promethee2",
    "published_reach",
    "rank_order_weights",
    "reach",
    "read_appraisal",
    "read_stock",
    "sample_appraisal",
    "sample_size",
    "smaa",
    "technologies",
    "topsis",
    "weight_stability",
    "write_demonstration_appraisal",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "topsis": "smarthan.analysis.crosscheck",
        "promethee2": "smarthan.analysis.crosscheck",
        "ahp_weights": "smarthan.analysis.crosscheck",
        "Information": "smarthan.analysis.information",
        "evpi": "smarthan.analysis.information",
        "evppi": "smarthan.analysis.information",
        "enbs": "smarthan.analysis.information",
        "normal_evpi": "smarthan.analysis.information",
        "evsi_beta_binomial": "smarthan.analysis.beta_binomial",
        "discount": "smarthan.analysis.discounting",
        "discount_factors": "smarthan.analysis.discounting",
        "GREEN_BOOK_2026": "smarthan.analysis.discounting",
        "Decision": "smarthan.analysis.decisions",
        "Shortlist": "smarthan.analysis.shortlists",
        "Disagreement": "smarthan.analysis.disagreement",
        "ValueOfInformation": "smarthan.analysis.value_of_information",
        "Appraisal": "smarthan.analysis.appraisal",
        "read_appraisal": "smarthan.analysis.appraisal_reading",
        "AppraisalError": "smarthan.analysis.appraisal_problems",
        "Score": "smarthan.analysis.scoring",
        "Simulation": "smarthan.analysis.simulation",
        "Smaa": "smarthan.analysis.acceptability",
        "smaa": "smarthan.analysis.acceptability",
        "additive_value": "smarthan.analysis.values",
        "piecewise_value": "smarthan.analysis.values",
        "rank_order_weights": "smarthan.analysis.weights",
        "weight_stability": "smarthan.analysis.stability",
        "sample_appraisal": "smarthan.analysis.demonstration_appraisal",
        "write_demonstration_appraisal": "smarthan.analysis.demonstration_appraisal",
        "Estimate": "smarthan.analysis.estimates",
        "SampleSize": "smarthan.analysis.sample_sizes",
        "SurveyDesign": "smarthan.analysis.survey",
        "binomial_interval": "smarthan.intervals",
        "sample_size": "smarthan.analysis.sample_sizes",
        "Reach": "smarthan.analysis.home_reach",
        "reach": "smarthan.analysis.home_reach",
        "dwelling_reached": "smarthan.analysis.home_outcomes",
        "path_success": "smarthan.analysis.link_outcomes",
        "evidence_sufficiency": "smarthan.analysis.sufficiency",
        "marginal_reach": "smarthan.analysis.reach_steps",
        "housing_stock": "smarthan.analysis.stock",
        "read_stock": "smarthan.analysis.stock",
        "technologies": "smarthan.analysis.technology_table",
        "published_reach": "smarthan.analysis.technology_table",
    },
)
