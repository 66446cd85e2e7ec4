"""Where a stage's clips are worked on: processes of this machine, or a Dask cluster."""
