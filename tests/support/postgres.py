"""A database of a test's own on the PostgreSQL server that tests are given."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from requirements import postgres_url


@contextmanager
def postgres_database(name: str) -> Iterator[str]:
    """Create an empty database, yield its URL, and drop it afterwards."""
    server = postgres_url()
    own = f"test_{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(own)))
        try:
            yield urlsplit(server)._replace(path=f"/{own}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(own)))
