"""The mistake lab, the check of somebody's numbers, and predictions: a file for each part."""
