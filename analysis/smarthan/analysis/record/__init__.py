"""The record of an appraisal: the summary, what would have to be true, and the page to check each number on."""
