"""What knowing more is worth: of an appraisal, of a trial of n buildings, and the decision that follows."""
