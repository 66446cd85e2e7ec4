"""ESPnet's data folders, read and written."""
