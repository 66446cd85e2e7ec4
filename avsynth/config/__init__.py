"""Settings: what they are (``schema``) and how YAML and the command line give them (``reading``)."""
