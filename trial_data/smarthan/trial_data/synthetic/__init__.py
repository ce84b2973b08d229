"""The synthetic trial: a population with known truth, surveyed into raw files that say they are synthetic.

Layers, each on the ones before: `population`, `geometry`, `radio_truth` and `power_line_truth`, `world` (all that is
true of a dwelling), `sampling`, `survey`, the files (`building_files`, `place_files`, `fieldwork_files`,
`reading_files`), `error_injection`, `generator`.
"""
