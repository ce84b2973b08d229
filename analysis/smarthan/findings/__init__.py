"""Says what finished tables show: each result with headline, caption and alternative text made from its numbers."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .buildings import accounts_of as accounts_of
    from .buildings import answer_buildings as answer_buildings
    from .buildings import gaps_of as gaps_of
    from .buildings import profile_of as profile_of
    from .buildings import response_of as response_of
    from .buildings import walls_of as walls_of
    from .changes import changes_of as changes_of
    from .changes import net_of as net_of
    from .changes import revisions_of as revisions_of
    from .connectivity import answer_connectivity as answer_connectivity
    from .connectivity import classes_of as classes_of
    from .connectivity import connectivity_map_of as connectivity_map_of
    from .connectivity import states_of as states_of
    from .consultation import answer_consultation as answer_consultation
    from .consultation import candidates_of as candidates_of
    from .consultation import reasons_of as reasons_of
    from .consultation import sources_of as sources_of
    from .coverage import MAP_BREAKS as MAP_BREAKS
    from .coverage import MAP_CLASSES as MAP_CLASSES
    from .coverage import accuracy_by_technology_of as accuracy_by_technology_of
    from .coverage import accuracy_of as accuracy_of
    from .coverage import answer_coverage as answer_coverage
    from .coverage import districts_of as districts_of
    from .coverage import targets_of as targets_of
    from .coverage import uncovered_of as uncovered_of
    from .doubt import assessors_of as assessors_of
    from .doubt import dissent_of as dissent_of
    from .doubt import facts_of as facts_of
    from .doubt import leaders_of as leaders_of
    from .finding import Finding as Finding
    from .forecasts import answer_links as answer_links
    from .forecasts import conformal_of as conformal_of
    from .forecasts import forecast_scores_of as forecast_scores_of
    from .forecasts import reliability_of as reliability_of
    from .found_types import found_types_of as found_types_of
    from .found_types import type_stability_of as type_stability_of
    from .losses import loss_curves_of as loss_curves_of
    from .losses import loss_scatter_of as loss_scatter_of
    from .losses import wall_losses_of as wall_losses_of
    from .measured import measured_of as measured_of
    from .other_methods import crosscheck_of as crosscheck_of
    from .performance import dominance_of as dominance_of
    from .performance import matrix_of as matrix_of
    from .places import SPOT_BREAKS as SPOT_BREAKS
    from .places import SPOT_CELL_M as SPOT_CELL_M
    from .places import SPOT_CLASSES as SPOT_CLASSES
    from .places import lad_map_of as lad_map_of
    from .places import not_spot_map_of as not_spot_map_of
    from .places import not_spots_of as not_spots_of
    from .places import outward_map_of as outward_map_of
    from .reach import EVIDENCE_WORDS as EVIDENCE_WORDS
    from .reach import answer_reach as answer_reach
    from .reach import evidence_of as evidence_of
    from .reach import national_reach_of as national_reach_of
    from .reach import reach_by_type_of as reach_by_type_of
    from .reach import steps_of as steps_of
    from .reach_checks import flagged_of as flagged_of
    from .reach_checks import intervals_of as intervals_of
    from .reach_groups import mounts_of as mounts_of
    from .reach_groups import regions_of as regions_of
    from .reach_joint import joint_of as joint_of
    from .reach_needs import needs_of as needs_of
    from .representation import frame_of as frame_of
    from .representation import missing_of as missing_of
    from .representation import readings_of as readings_of
    from .representation import surveyors_of as surveyors_of
    from .representation import weights_of as weights_of
    from .robustness import acceptability_of as acceptability_of
    from .robustness import answer_robustness as answer_robustness
    from .robustness import central_weights_of as central_weights_of
    from .robustness import confidence_of as confidence_of
    from .robustness import shortlist_of as shortlist_of
    from .scores import GATE_WORDS as GATE_WORDS
    from .scores import answer_scores as answer_scores
    from .scores import contributions_of as contributions_of
    from .scores import criteria_of as criteria_of
    from .scores import gates_of as gates_of
    from .scores import ranking_of as ranking_of
    from .switching import swings_of as swings_of
    from .switching import switches_of as switches_of
    from .tracing import trace_of as trace_of
    from .weighing import weight_lines_of as weight_lines_of
    from .weighing import weight_map_of as weight_map_of
    from .worth import curve_of as curve_of
    from .worth import evpi_of as evpi_of
    from .worth import information_of as information_of

__all__ = [
    "EVIDENCE_WORDS",
    "GATE_WORDS",
    "MAP_BREAKS",
    "MAP_CLASSES",
    "SPOT_BREAKS",
    "SPOT_CELL_M",
    "SPOT_CLASSES",
    "Finding",
    "acceptability_of",
    "accounts_of",
    "accuracy_by_technology_of",
    "accuracy_of",
    "answer_buildings",
    "answer_connectivity",
    "answer_consultation",
    "answer_coverage",
    "answer_links",
    "answer_reach",
    "answer_robustness",
    "answer_scores",
    "assessors_of",
    "candidates_of",
    "central_weights_of",
    "changes_of",
    "classes_of",
    "confidence_of",
    "conformal_of",
    "connectivity_map_of",
    "contributions_of",
    "criteria_of",
    "crosscheck_of",
    "curve_of",
    "dissent_of",
    "districts_of",
    "dominance_of",
    "evidence_of",
    "evpi_of",
    "facts_of",
    "flagged_of",
    "forecast_scores_of",
    "found_types_of",
    "frame_of",
    "gaps_of",
    "gates_of",
    "information_of",
    "intervals_of",
    "joint_of",
    "lad_map_of",
    "leaders_of",
    "loss_curves_of",
    "loss_scatter_of",
    "matrix_of",
    "measured_of",
    "missing_of",
    "mounts_of",
    "national_reach_of",
    "needs_of",
    "net_of",
    "not_spot_map_of",
    "not_spots_of",
    "outward_map_of",
    "profile_of",
    "ranking_of",
    "reach_by_type_of",
    "readings_of",
    "reasons_of",
    "regions_of",
    "reliability_of",
    "response_of",
    "revisions_of",
    "shortlist_of",
    "sources_of",
    "states_of",
    "steps_of",
    "surveyors_of",
    "swings_of",
    "switches_of",
    "targets_of",
    "trace_of",
    "type_stability_of",
    "uncovered_of",
    "wall_losses_of",
    "walls_of",
    "weight_lines_of",
    "weight_map_of",
    "weights_of",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "EVIDENCE_WORDS": "smarthan.findings.reach",
        "GATE_WORDS": "smarthan.findings.scores",
        "MAP_BREAKS": "smarthan.findings.coverage",
        "MAP_CLASSES": "smarthan.findings.coverage",
        "SPOT_BREAKS": "smarthan.findings.places",
        "SPOT_CELL_M": "smarthan.findings.places",
        "SPOT_CLASSES": "smarthan.findings.places",
        "Finding": "smarthan.findings.finding",
        "acceptability_of": "smarthan.findings.robustness",
        "accounts_of": "smarthan.findings.buildings",
        "accuracy_by_technology_of": "smarthan.findings.coverage",
        "accuracy_of": "smarthan.findings.coverage",
        "answer_buildings": "smarthan.findings.buildings",
        "answer_connectivity": "smarthan.findings.connectivity",
        "answer_consultation": "smarthan.findings.consultation",
        "answer_coverage": "smarthan.findings.coverage",
        "answer_links": "smarthan.findings.forecasts",
        "answer_reach": "smarthan.findings.reach",
        "answer_robustness": "smarthan.findings.robustness",
        "answer_scores": "smarthan.findings.scores",
        "assessors_of": "smarthan.findings.doubt",
        "candidates_of": "smarthan.findings.consultation",
        "central_weights_of": "smarthan.findings.robustness",
        "changes_of": "smarthan.findings.changes",
        "classes_of": "smarthan.findings.connectivity",
        "confidence_of": "smarthan.findings.robustness",
        "conformal_of": "smarthan.findings.forecasts",
        "connectivity_map_of": "smarthan.findings.connectivity",
        "contributions_of": "smarthan.findings.scores",
        "criteria_of": "smarthan.findings.scores",
        "crosscheck_of": "smarthan.findings.other_methods",
        "curve_of": "smarthan.findings.worth",
        "dissent_of": "smarthan.findings.doubt",
        "districts_of": "smarthan.findings.coverage",
        "dominance_of": "smarthan.findings.performance",
        "evidence_of": "smarthan.findings.reach",
        "evpi_of": "smarthan.findings.worth",
        "facts_of": "smarthan.findings.doubt",
        "flagged_of": "smarthan.findings.reach_checks",
        "forecast_scores_of": "smarthan.findings.forecasts",
        "found_types_of": "smarthan.findings.found_types",
        "frame_of": "smarthan.findings.representation",
        "gaps_of": "smarthan.findings.buildings",
        "gates_of": "smarthan.findings.scores",
        "information_of": "smarthan.findings.worth",
        "intervals_of": "smarthan.findings.reach_checks",
        "joint_of": "smarthan.findings.reach_joint",
        "lad_map_of": "smarthan.findings.places",
        "leaders_of": "smarthan.findings.doubt",
        "loss_curves_of": "smarthan.findings.losses",
        "loss_scatter_of": "smarthan.findings.losses",
        "matrix_of": "smarthan.findings.performance",
        "measured_of": "smarthan.findings.measured",
        "missing_of": "smarthan.findings.representation",
        "mounts_of": "smarthan.findings.reach_groups",
        "national_reach_of": "smarthan.findings.reach",
        "needs_of": "smarthan.findings.reach_needs",
        "net_of": "smarthan.findings.changes",
        "not_spot_map_of": "smarthan.findings.places",
        "not_spots_of": "smarthan.findings.places",
        "outward_map_of": "smarthan.findings.places",
        "profile_of": "smarthan.findings.buildings",
        "ranking_of": "smarthan.findings.scores",
        "reach_by_type_of": "smarthan.findings.reach",
        "readings_of": "smarthan.findings.representation",
        "reasons_of": "smarthan.findings.consultation",
        "regions_of": "smarthan.findings.reach_groups",
        "reliability_of": "smarthan.findings.forecasts",
        "response_of": "smarthan.findings.buildings",
        "revisions_of": "smarthan.findings.changes",
        "shortlist_of": "smarthan.findings.robustness",
        "sources_of": "smarthan.findings.consultation",
        "states_of": "smarthan.findings.connectivity",
        "steps_of": "smarthan.findings.reach",
        "surveyors_of": "smarthan.findings.representation",
        "swings_of": "smarthan.findings.switching",
        "switches_of": "smarthan.findings.switching",
        "targets_of": "smarthan.findings.coverage",
        "trace_of": "smarthan.findings.tracing",
        "type_stability_of": "smarthan.findings.found_types",
        "uncovered_of": "smarthan.findings.coverage",
        "wall_losses_of": "smarthan.findings.losses",
        "walls_of": "smarthan.findings.buildings",
        "weight_lines_of": "smarthan.findings.weighing",
        "weight_map_of": "smarthan.findings.weighing",
        "weights_of": "smarthan.findings.representation",
    },
)
