"""An appraisal as files people edit: read strictly, every fault told at its place, kept as one model."""
