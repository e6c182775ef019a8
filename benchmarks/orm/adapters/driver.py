"""The floor: the bare driver, with its tuples."""

from typing import Any

from data import COLUMNS
from databases import MARKS, Target
from interface import Adapter, Values

NAMES = ", ".join(COLUMNS)
ARTICLE = f"SELECT {NAMES} FROM article"
NOTE = f"SELECT {NAMES} FROM note WHERE id = %s"
WITHOUT_KEY = COLUMNS[1:]
INSERT = (
    f"INSERT INTO note ({', '.join(WITHOUT_KEY)}) VALUES ({', '.join(['%s'] * len(WITHOUT_KEY))})"
)
SET = ", ".join(f"{name} = %s" for name in WITHOUT_KEY)


class Peer(Adapter):
    columns = staticmethod(tuple)

    def __init__(self, target: Target) -> None:
        self.mark = MARKS[target.vendor]
        self.sqlite = target.vendor == "sqlite"
        self.connection = target.connect()

    def run(self, sql: str, *values: Any) -> Any:
        return self.connection.execute(sql.replace("%s", self.mark), values)

    def stored(self, values: Values) -> list[Any]:
        row = list(values.values())
        if self.sqlite:
            row[5] = row[5].isoformat(" ")
        return row

    def get(self, key: int) -> Any:
        return self.run(f"{ARTICLE} WHERE id = %s", key).fetchone()

    def page(self, views: int) -> Any:
        return self.run(
            f"{ARTICLE} WHERE published AND views <= %s ORDER BY views DESC LIMIT 20", views
        ).fetchall()

    def everything(self) -> Any:
        return self.run(f"{ARTICLE} ORDER BY id").fetchall()

    def related(self) -> Any:
        columns = ", ".join(f"a.{name}" for name in COLUMNS)
        rows = self.run(
            f"SELECT {columns}, w.id, w.name, w.email FROM article a"
            " JOIN author w ON w.id = a.author_id ORDER BY a.id LIMIT 1000"
        ).fetchall()
        return [(row[0], row[9]) for row in rows]

    def tagged(self) -> Any:
        articles = self.run(f"{ARTICLE} WHERE id <= 100 ORDER BY id").fetchall()
        names: dict[int, list[str]] = {row[0]: [] for row in articles}
        marks = ", ".join(["%s"] * len(names))
        for article, _key, name in self.run(
            "SELECT m.article_id, t.id, t.name FROM tag t JOIN article_tags m ON m.tag_id = t.id"
            f" WHERE m.article_id IN ({marks})",
            *names,
        ):
            names[article].append(name)
        return list(names.items())

    def values(self) -> Any:
        rows = self.run("SELECT id, title, views FROM article ORDER BY id LIMIT 1000").fetchall()
        return [{"id": key, "title": title, "views": views} for key, title, views in rows]

    def of_author(self, name: str) -> Any:
        columns = ", ".join(f"a.{column}" for column in COLUMNS)
        return self.run(
            f"SELECT {columns} FROM article a JOIN author w ON w.id = a.author_id"
            " WHERE w.name = %s ORDER BY a.id",
            name,
        ).fetchall()

    def create(self, values: Values) -> None:
        if self.sqlite:
            _ = self.run(INSERT, *self.stored(values)).lastrowid
        else:
            self.run(f"{INSERT} RETURNING id", *self.stored(values)).fetchone()

    def create_each(self, rows: list[Values]) -> None:
        self.run("BEGIN")
        for values in rows:
            self.create(values)
        self.run("COMMIT")

    def bulk(self, rows: list[Values]) -> None:
        self.run("BEGIN")
        cursor = self.connection.cursor()
        cursor.executemany(INSERT.replace("%s", self.mark), map(self.stored, rows))
        self.run("COMMIT")

    def change(self, key: int, views: int) -> None:
        row = list(self.run(NOTE, key).fetchone())
        row[3] = views
        self.run(f"UPDATE note SET {SET} WHERE id = %s", *row[1:], row[0])

    def update(self, key: int, views: int) -> None:
        self.run("UPDATE note SET views = %s WHERE id = %s", views, key)

    def remove(self, key: int) -> None:
        row = self.run(NOTE, key).fetchone()
        self.run("DELETE FROM note WHERE id = %s", row[0])

    def count(self, views: int) -> Any:
        return self.run("SELECT count(*) FROM article WHERE views < %s", views).fetchone()[0]

    def aggregate(self, views: int) -> Any:
        return self.run(
            "SELECT avg(rating), max(views) FROM article WHERE views < %s", views
        ).fetchone()
