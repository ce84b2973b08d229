"""From evidence to recommendation: survey estimation, reach of the technologies, scoring of the candidates."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from smarthan.intervals import binomial_interval as binomial_interval

    from .appraisal.additions import add_judgements as add_judgements
    from .appraisal.copying import copy_appraisal as copy_appraisal
    from .appraisal.demonstration import sample_appraisal as sample_appraisal
    from .appraisal.demonstration import write_demonstration_appraisal as write_demonstration_appraisal
    from .appraisal.model import Appraisal as Appraisal
    from .appraisal.problems import AppraisalError as AppraisalError
    from .appraisal.reading import read_appraisal as read_appraisal
    from .appraisal.templates import write_appraisal_template as write_appraisal_template
    from .homes.flagged_evidence import reach_without_flagged as reach_without_flagged
    from .homes.home_outcomes import dwelling_reached as dwelling_reached
    from .homes.home_reach import Reach as Reach
    from .homes.home_reach import reach as reach
    from .homes.joint_success import joint_reach as joint_reach
    from .homes.link_outcomes import path_success as path_success
    from .homes.reach_groups import reach_by as reach_by
    from .homes.reach_scores import ReachScores as ReachScores
    from .homes.reach_steps import marginal_reach as marginal_reach
    from .homes.stock import housing_stock as housing_stock
    from .homes.stock import read_stock as read_stock
    from .homes.sufficiency import evidence_sufficiency as evidence_sufficiency
    from .homes.technology_table import published_reach as published_reach
    from .homes.technology_table import technologies as technologies
    from .homes.wall_losses import WallLosses as WallLosses
    from .homes.wall_losses import fit_wall_losses as fit_wall_losses
    from .homes.wall_losses import loss_readings as loss_readings
    from .homes.wan_and_han import Connectivity as Connectivity
    from .homes.wan_and_han import connectivity as connectivity
    from .models.binomial_groups import logit_random_intercept as logit_random_intercept
    from .models.censored import tobit as tobit
    from .models.censored_groups import tobit_random_intercept as tobit_random_intercept
    from .models.clustered_counts import Overdispersion as Overdispersion
    from .models.clustered_counts import overdispersion as overdispersion
    from .models.fit import Fit as Fit
    from .models.imputations import pool_imputations as pool_imputations
    from .paths.clusters import find_building_types as find_building_types
    from .paths.conformal import conformal_sets as conformal_sets
    from .paths.forecasts import BrierScore as BrierScore
    from .paths.forecasts import brier_score as brier_score
    from .paths.forecasts import reliability_table as reliability_table
    from .paths.path_model import CoverageModel as CoverageModel
    from .paths.path_model import coverage_model as coverage_model
    from .power_line.cascade import Branch as Branch
    from .power_line.cascade import Line as Line
    from .power_line.cascade import Shunt as Shunt
    from .power_line.cascade import plc_transfer_function as plc_transfer_function
    from .power_line.multipath import plc_multipath as plc_multipath
    from .propagation.entry_p2109 import building_entry_loss_p2109 as building_entry_loss_p2109
    from .propagation.indoor_p1238 import indoor_loss_p1238 as indoor_loss_p1238
    from .propagation.link_budget import link_budgets as link_budgets
    from .propagation.link_budget import link_margin as link_margin
    from .propagation.multi_wall import free_space_loss as free_space_loss
    from .propagation.multi_wall import multi_wall_loss as multi_wall_loss
    from .propagation.path_loss import PathLoss as PathLoss
    from .propagation.slab_p2040 import slab_loss_p2040 as slab_loss_p2040
    from .providers.form import write_request as write_request
    from .providers.reading import read_request as read_request
    from .providers.responses import ProviderResponses as ProviderResponses
    from .record.conditions import Conditions as Conditions
    from .record.summary import SummaryTable as SummaryTable
    from .registers.agreement import Agreement as Agreement
    from .registers.agreement import judge_agreement as judge_agreement
    from .registers.comments import Comments as Comments
    from .registers.comments import read_comments as read_comments
    from .registers.links import known_links as known_links
    from .registers.register import Register as Register
    from .registers.register import read_register as read_register
    from .registers.responses import Responses as Responses
    from .registers.responses import read_responses as read_responses
    from .registers.samples import sample_comments as sample_comments
    from .registers.samples import sample_register as sample_register
    from .registers.samples import sample_responses as sample_responses
    from .registers.samples import write_demonstration_registers as write_demonstration_registers
    from .registers.versions import register_changes as register_changes
    from .registers.wordings import similar_texts as similar_texts
    from .scoring.crosscheck import ahp_weights as ahp_weights
    from .scoring.crosscheck import promethee2 as promethee2
    from .scoring.crosscheck import topsis as topsis
    from .scoring.other_methods import CrossCheck as CrossCheck
    from .scoring.other_methods import cross_check as cross_check
    from .scoring.scores import Score as Score
    from .scoring.stability import weight_stability as weight_stability
    from .scoring.values import additive_value as additive_value
    from .scoring.values import piecewise_value as piecewise_value
    from .scoring.weights import rank_order_weights as rank_order_weights
    from .simulation.acceptability import Smaa as Smaa
    from .simulation.acceptability import smaa as smaa
    from .simulation.disagreement import Disagreement as Disagreement
    from .simulation.runs import Simulation as Simulation
    from .simulation.shortlists import Shortlist as Shortlist
    from .survey.design import SurveyDesign as SurveyDesign
    from .survey.estimates import Estimate as Estimate
    from .survey.sample_sizes import SampleSize as SampleSize
    from .survey.sample_sizes import sample_size as sample_size
    from .worth.beta_binomial import evsi_beta_binomial as evsi_beta_binomial
    from .worth.decisions import Decision as Decision
    from .worth.discounting import GREEN_BOOK_2026 as GREEN_BOOK_2026
    from .worth.discounting import discount as discount
    from .worth.discounting import discount_factors as discount_factors
    from .worth.information import Information as Information
    from .worth.information import enbs as enbs
    from .worth.information import evpi as evpi
    from .worth.information import evppi as evppi
    from .worth.information import normal_evpi as normal_evpi
    from .worth.value_of_information import ValueOfInformation as ValueOfInformation

__all__ = [
    "GREEN_BOOK_2026",
    "Agreement",
    "Appraisal",
    "AppraisalError",
    "Branch",
    "BrierScore",
    "Comments",
    "Conditions",
    "Connectivity",
    "CoverageModel",
    "CrossCheck",
    "Decision",
    "Disagreement",
    "Estimate",
    "Fit",
    "Information",
    "Line",
    "Overdispersion",
    "PathLoss",
    "ProviderResponses",
    "Reach",
    "ReachScores",
    "Register",
    "Responses",
    "SampleSize",
    "Score",
    "Shortlist",
    "Shunt",
    "Simulation",
    "Smaa",
    "SummaryTable",
    "SurveyDesign",
    "ValueOfInformation",
    "WallLosses",
    "add_judgements",
    "additive_value",
    "ahp_weights",
    "binomial_interval",
    "brier_score",
    "building_entry_loss_p2109",
    "conformal_sets",
    "connectivity",
    "copy_appraisal",
    "coverage_model",
    "cross_check",
    "discount",
    "discount_factors",
    "dwelling_reached",
    "enbs",
    "evidence_sufficiency",
    "evpi",
    "evppi",
    "evsi_beta_binomial",
    "find_building_types",
    "fit_wall_losses",
    "free_space_loss",
    "housing_stock",
    "indoor_loss_p1238",
    "joint_reach",
    "judge_agreement",
    "known_links",
    "link_budgets",
    "link_margin",
    "logit_random_intercept",
    "loss_readings",
    "marginal_reach",
    "multi_wall_loss",
    "normal_evpi",
    "overdispersion",
    "path_success",
    "piecewise_value",
    "plc_multipath",
    "plc_transfer_function",
    "pool_imputations",
    "promethee2",
    "published_reach",
    "rank_order_weights",
    "reach",
    "reach_by",
    "reach_without_flagged",
    "read_appraisal",
    "read_comments",
    "read_register",
    "read_request",
    "read_responses",
    "read_stock",
    "register_changes",
    "reliability_table",
    "sample_appraisal",
    "sample_comments",
    "sample_register",
    "sample_responses",
    "sample_size",
    "similar_texts",
    "slab_loss_p2040",
    "smaa",
    "technologies",
    "tobit",
    "tobit_random_intercept",
    "topsis",
    "weight_stability",
    "write_appraisal_template",
    "write_demonstration_appraisal",
    "write_demonstration_registers",
    "write_request",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "GREEN_BOOK_2026": "smarthan.analysis.worth.discounting",
        "Agreement": "smarthan.analysis.registers.agreement",
        "Appraisal": "smarthan.analysis.appraisal.model",
        "AppraisalError": "smarthan.analysis.appraisal.problems",
        "Branch": "smarthan.analysis.power_line.cascade",
        "BrierScore": "smarthan.analysis.paths.forecasts",
        "Comments": "smarthan.analysis.registers.comments",
        "Conditions": "smarthan.analysis.record.conditions",
        "Connectivity": "smarthan.analysis.homes.wan_and_han",
        "CoverageModel": "smarthan.analysis.paths.path_model",
        "CrossCheck": "smarthan.analysis.scoring.other_methods",
        "Decision": "smarthan.analysis.worth.decisions",
        "Disagreement": "smarthan.analysis.simulation.disagreement",
        "Estimate": "smarthan.analysis.survey.estimates",
        "Fit": "smarthan.analysis.models.fit",
        "Information": "smarthan.analysis.worth.information",
        "Line": "smarthan.analysis.power_line.cascade",
        "Overdispersion": "smarthan.analysis.models.clustered_counts",
        "PathLoss": "smarthan.analysis.propagation.path_loss",
        "ProviderResponses": "smarthan.analysis.providers.responses",
        "Reach": "smarthan.analysis.homes.home_reach",
        "ReachScores": "smarthan.analysis.homes.reach_scores",
        "Register": "smarthan.analysis.registers.register",
        "Responses": "smarthan.analysis.registers.responses",
        "SampleSize": "smarthan.analysis.survey.sample_sizes",
        "Score": "smarthan.analysis.scoring.scores",
        "Shortlist": "smarthan.analysis.simulation.shortlists",
        "Shunt": "smarthan.analysis.power_line.cascade",
        "Simulation": "smarthan.analysis.simulation.runs",
        "Smaa": "smarthan.analysis.simulation.acceptability",
        "SummaryTable": "smarthan.analysis.record.summary",
        "SurveyDesign": "smarthan.analysis.survey.design",
        "ValueOfInformation": "smarthan.analysis.worth.value_of_information",
        "WallLosses": "smarthan.analysis.homes.wall_losses",
        "add_judgements": "smarthan.analysis.appraisal.additions",
        "additive_value": "smarthan.analysis.scoring.values",
        "ahp_weights": "smarthan.analysis.scoring.crosscheck",
        "binomial_interval": "smarthan.intervals",
        "brier_score": "smarthan.analysis.paths.forecasts",
        "building_entry_loss_p2109": "smarthan.analysis.propagation.entry_p2109",
        "conformal_sets": "smarthan.analysis.paths.conformal",
        "connectivity": "smarthan.analysis.homes.wan_and_han",
        "copy_appraisal": "smarthan.analysis.appraisal.copying",
        "coverage_model": "smarthan.analysis.paths.path_model",
        "cross_check": "smarthan.analysis.scoring.other_methods",
        "discount": "smarthan.analysis.worth.discounting",
        "discount_factors": "smarthan.analysis.worth.discounting",
        "dwelling_reached": "smarthan.analysis.homes.home_outcomes",
        "enbs": "smarthan.analysis.worth.information",
        "evidence_sufficiency": "smarthan.analysis.homes.sufficiency",
        "evpi": "smarthan.analysis.worth.information",
        "evppi": "smarthan.analysis.worth.information",
        "evsi_beta_binomial": "smarthan.analysis.worth.beta_binomial",
        "find_building_types": "smarthan.analysis.paths.clusters",
        "fit_wall_losses": "smarthan.analysis.homes.wall_losses",
        "free_space_loss": "smarthan.analysis.propagation.multi_wall",
        "housing_stock": "smarthan.analysis.homes.stock",
        "indoor_loss_p1238": "smarthan.analysis.propagation.indoor_p1238",
        "joint_reach": "smarthan.analysis.homes.joint_success",
        "judge_agreement": "smarthan.analysis.registers.agreement",
        "known_links": "smarthan.analysis.registers.links",
        "link_budgets": "smarthan.analysis.propagation.link_budget",
        "link_margin": "smarthan.analysis.propagation.link_budget",
        "logit_random_intercept": "smarthan.analysis.models.binomial_groups",
        "loss_readings": "smarthan.analysis.homes.wall_losses",
        "marginal_reach": "smarthan.analysis.homes.reach_steps",
        "multi_wall_loss": "smarthan.analysis.propagation.multi_wall",
        "normal_evpi": "smarthan.analysis.worth.information",
        "overdispersion": "smarthan.analysis.models.clustered_counts",
        "path_success": "smarthan.analysis.homes.link_outcomes",
        "piecewise_value": "smarthan.analysis.scoring.values",
        "plc_multipath": "smarthan.analysis.power_line.multipath",
        "plc_transfer_function": "smarthan.analysis.power_line.cascade",
        "pool_imputations": "smarthan.analysis.models.imputations",
        "promethee2": "smarthan.analysis.scoring.crosscheck",
        "published_reach": "smarthan.analysis.homes.technology_table",
        "rank_order_weights": "smarthan.analysis.scoring.weights",
        "reach": "smarthan.analysis.homes.home_reach",
        "reach_by": "smarthan.analysis.homes.reach_groups",
        "reach_without_flagged": "smarthan.analysis.homes.flagged_evidence",
        "read_appraisal": "smarthan.analysis.appraisal.reading",
        "read_comments": "smarthan.analysis.registers.comments",
        "read_register": "smarthan.analysis.registers.register",
        "read_request": "smarthan.analysis.providers.reading",
        "read_responses": "smarthan.analysis.registers.responses",
        "read_stock": "smarthan.analysis.homes.stock",
        "register_changes": "smarthan.analysis.registers.versions",
        "reliability_table": "smarthan.analysis.paths.forecasts",
        "sample_appraisal": "smarthan.analysis.appraisal.demonstration",
        "sample_comments": "smarthan.analysis.registers.samples",
        "sample_register": "smarthan.analysis.registers.samples",
        "sample_responses": "smarthan.analysis.registers.samples",
        "sample_size": "smarthan.analysis.survey.sample_sizes",
        "similar_texts": "smarthan.analysis.registers.wordings",
        "slab_loss_p2040": "smarthan.analysis.propagation.slab_p2040",
        "smaa": "smarthan.analysis.simulation.acceptability",
        "technologies": "smarthan.analysis.homes.technology_table",
        "tobit": "smarthan.analysis.models.censored",
        "tobit_random_intercept": "smarthan.analysis.models.censored_groups",
        "topsis": "smarthan.analysis.scoring.crosscheck",
        "weight_stability": "smarthan.analysis.scoring.stability",
        "write_appraisal_template": "smarthan.analysis.appraisal.templates",
        "write_demonstration_appraisal": "smarthan.analysis.appraisal.demonstration",
        "write_demonstration_registers": "smarthan.analysis.registers.samples",
        "write_request": "smarthan.analysis.providers.form",
    },
)
