"""What raystack-templates adds to a project. Every command imports this: keep it light."""
