"""What raystack-cli adds to a project. Every command imports this: keep it light."""
