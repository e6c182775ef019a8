"""Users, groups and permissions for Raystack. For now a plugin that registers; see the README."""
