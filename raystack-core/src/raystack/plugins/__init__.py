"""Plugins: their contracts, how they are found, put in order, loaded and called."""

from .contract import Contract as Contract
from .contract import Plugin as Plugin
from .contract import Problem as Problem
