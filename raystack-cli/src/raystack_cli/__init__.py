"""The ``raystack`` command: projects, servers, shells, and the commands of plugins and apps."""

from .decorator import command as command
