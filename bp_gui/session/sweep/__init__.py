"""Many trainings that differ in a few settings: what to run, running it, and the table of results.

==============  =========================================================================
module          holds
==============  =========================================================================
factors         the settings that a sweep can vary
spec            which runs a sweep is made of, read from JSON
run             one run: settings to result
executors       where runs are computed: here, in processes, on a Dask cluster
table           results as CSV, written as they come and taken up again
==============  =========================================================================
"""
