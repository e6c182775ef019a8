"""What raystack-admin adds to a project. Every command imports this: keep it light."""
