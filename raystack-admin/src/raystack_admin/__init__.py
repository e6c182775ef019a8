"""The admin of Raystack. For now a plugin that registers; see the README."""
