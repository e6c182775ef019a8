"""The resolver: names and states to SQLAlchemy constructs.

A ``Query`` replays the steps of a state as Django's rules say: it joins tables, resolves names to
columns and expressions to conditions. A ``Compiler`` then builds SQLAlchemy's constructs of them.
This happens once for each shape; see ``plan``.
"""
