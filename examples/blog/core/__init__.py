"""What all apps of the project share."""
