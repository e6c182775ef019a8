"""What raystack-orm adds to a project. Every command imports this: keep it light."""
