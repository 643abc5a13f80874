"""Many trainings that differ in a few settings: what to run, running it, and the table of results.

==============  =========================================================================
module          holds
==============  =========================================================================
factors         the settings that a sweep can vary
spec            which runs a sweep is made of, read from JSON
run             one run: settings to result
executors       where runs are computed: here, in processes, on a Dask cluster
threads         the same in threads beside a window, to be broken off at any moment
table           results as CSV, written as they come and taken up again
written         values of settings as people write and read them
pivot           results over two settings
examples        sweeps that are worth a look
==============  =========================================================================
"""
