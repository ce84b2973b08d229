"""Draws finished tables in the Analysis Function look, computes nothing; shows charts and tables with all they need."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .areas import draw_area_map as draw_area_map
    from .bars import draw_bars as draw_bars
    from .bars import draw_contributions as draw_contributions
    from .bars import draw_stacked as draw_stacked
    from .checks import find_chart_problems as find_chart_problems
    from .comparisons import draw_differences as draw_differences
    from .comparisons import draw_funnel as draw_funnel
    from .estimates import draw_estimates as draw_estimates
    from .maps import draw_grid_map as draw_grid_map
    from .matrices import draw_performance_matrix as draw_performance_matrix
    from .pairs import draw_dumbbell as draw_dumbbell
    from .ranks import draw_rank_acceptability as draw_rank_acceptability
    from .ranks import draw_tornado as draw_tornado
    from .reliability import draw_reliability as draw_reliability
    from .scatter import draw_censored_scatter as draw_censored_scatter
    from .shares import draw_interval_groups as draw_interval_groups
    from .shares import draw_shares as draw_shares
    from .show import show_answer as show_answer
    from .show import show_chart as show_chart
    from .show import show_finding as show_finding
    from .show import show_table as show_table
    from .status import draw_status_matrix as draw_status_matrix
    from .streams import draw_net as draw_net
    from .waterfall import draw_waterfall as draw_waterfall
    from .weights import draw_weight_lines as draw_weight_lines
    from .weights import draw_weight_map as draw_weight_map
    from .worth import draw_information as draw_information
    from .worth import draw_net_benefit as draw_net_benefit

__all__ = [
    "draw_area_map",
    "draw_bars",
    "draw_censored_scatter",
    "draw_contributions",
    "draw_differences",
    "draw_dumbbell",
    "draw_estimates",
    "draw_funnel",
    "draw_grid_map",
    "draw_information",
    "draw_interval_groups",
    "draw_net",
    "draw_net_benefit",
    "draw_performance_matrix",
    "draw_rank_acceptability",
    "draw_reliability",
    "draw_shares",
    "draw_stacked",
    "draw_status_matrix",
    "draw_tornado",
    "draw_waterfall",
    "draw_weight_lines",
    "draw_weight_map",
    "find_chart_problems",
    "show_answer",
    "show_chart",
    "show_finding",
    "show_table",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "draw_area_map": "smarthan.charts.areas",
        "draw_bars": "smarthan.charts.bars",
        "draw_censored_scatter": "smarthan.charts.scatter",
        "draw_contributions": "smarthan.charts.bars",
        "draw_differences": "smarthan.charts.comparisons",
        "draw_dumbbell": "smarthan.charts.pairs",
        "draw_estimates": "smarthan.charts.estimates",
        "draw_funnel": "smarthan.charts.comparisons",
        "draw_grid_map": "smarthan.charts.maps",
        "draw_information": "smarthan.charts.worth",
        "draw_interval_groups": "smarthan.charts.shares",
        "draw_net": "smarthan.charts.streams",
        "draw_net_benefit": "smarthan.charts.worth",
        "draw_performance_matrix": "smarthan.charts.matrices",
        "draw_rank_acceptability": "smarthan.charts.ranks",
        "draw_reliability": "smarthan.charts.reliability",
        "draw_shares": "smarthan.charts.shares",
        "draw_stacked": "smarthan.charts.bars",
        "draw_status_matrix": "smarthan.charts.status",
        "draw_tornado": "smarthan.charts.ranks",
        "draw_waterfall": "smarthan.charts.waterfall",
        "draw_weight_lines": "smarthan.charts.weights",
        "draw_weight_map": "smarthan.charts.weights",
        "find_chart_problems": "smarthan.charts.checks",
        "show_answer": "smarthan.charts.show",
        "show_chart": "smarthan.charts.show",
        "show_finding": "smarthan.charts.show",
        "show_table": "smarthan.charts.show",
    },
)
