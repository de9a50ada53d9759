"""What every feature uses. Nothing here knows a feature."""
