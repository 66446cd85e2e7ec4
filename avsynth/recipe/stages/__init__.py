"""What each recipe stage does; the table that orders them is :mod:`avsynth.recipe.table`."""
