"""flush, sqlflush, dbshell and inspectdb, on each database."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from press import Author, Tag
from vendors import only

from raystack_orm.commands.dbshell import client_of, dbshell
from raystack_orm.commands.flush import flush, sqlflush
from raystack_orm.commands.inspectdb import inspectdb
from raystack_orm.configuration import configuration
from raystack_orm.database_url import parse_url
from raystack_orm.databases import connections


def test_flush_empties_all_tables(committed_db: str) -> None:
    """It counts from 1 again, and foreign keys are checked again."""
    author = Author.objects.create(name="Ann")
    author.articles.create(title="x").tags.add(Tag.objects.create(name="sql"))

    flush(no_input=True)

    assert not Author.objects.exists()
    assert not Tag.objects.exists()
    assert Author.objects.create(name="Bob").pk == 1


def test_flush_asks_first(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only yes is yes."""
    Author.objects.create(name="Ann")
    monkeypatch.setattr("builtins.input", lambda _: "y")

    with pytest.raises(SystemExit) as caught:
        flush()

    assert caught.value.code == 1
    assert "Nothing was deleted." in capsys.readouterr().out
    assert Author.objects.exists()


def test_sqlflush_prints_what_flush_runs(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    sqlflush()

    out = capsys.readouterr().out
    assert connections["default"].ops.quote_name("press_author") in out
    assert out.startswith({"sqlite": "PRAGMA", "postgresql": "TRUNCATE", "mysql": "SET"}[db])


def test_dbshell_is_connected_as_the_project_is(
    committed_db: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The database's own program answers."""
    Author.objects.create(name="Ann")
    option = {"sqlite": [], "postgresql": ["-tAc"], "mysql": ["-e"]}[committed_db]
    url = configuration().databases["default"]
    question = "SELECT name FROM press_author"
    if committed_db == "sqlite":
        client = client_of(url, [])
        done = subprocess.run(
            [*client.arguments, question], capture_output=True, text=True, check=True
        )
        assert "Ann" in done.stdout
        return

    dbshell([*option, question])

    assert "Ann" in capfd.readouterr().out


@pytest.mark.parametrize("vendor", ["postgresql", "mysql"])
def test_the_password_is_not_on_the_command_line(vendor: str) -> None:
    """Everybody on the machine could read it there."""
    client = client_of(parse_url(f"{vendor}://ann:sesame@db:77/shop"), ["-x"])

    assert not any("sesame" in argument for argument in client.arguments)
    assert "sesame" in client.environment.values()
    assert any("77" in argument for argument in client.arguments)


TABLES = {
    "sqlite": """
        CREATE TABLE "old-shelf" (id INTEGER PRIMARY KEY, "class" VARCHAR(20) NOT NULL UNIQUE,
            "a b__c_" DECIMAL(8, 2), born DATETIME, flag BOOLEAN NOT NULL);
        CREATE TABLE old_volume (shelf_id INTEGER NOT NULL REFERENCES "old-shelf" (id),
            number INTEGER NOT NULL, twin INTEGER UNIQUE REFERENCES "old-shelf" (id), note TEXT,
            PRIMARY KEY (shelf_id, number), UNIQUE (note, twin))
    """,
    "postgresql": """
        CREATE TABLE "old-shelf" (id bigserial PRIMARY KEY, "class" varchar(20) NOT NULL UNIQUE,
            "a b__c_" numeric(8, 2), born timestamptz, flag boolean NOT NULL);
        CREATE TABLE old_volume (shelf_id bigint NOT NULL REFERENCES "old-shelf" (id),
            number integer NOT NULL, twin bigint UNIQUE REFERENCES "old-shelf" (id), note text,
            PRIMARY KEY (shelf_id, number), UNIQUE (note, twin))
    """,
    "mysql": """
        CREATE TABLE `old-shelf` (id bigint AUTO_INCREMENT PRIMARY KEY,
            `class` varchar(20) NOT NULL UNIQUE, `a b__c_` numeric(8, 2),
            born datetime(6), flag bool NOT NULL);
        CREATE TABLE old_volume (shelf_id bigint NOT NULL REFERENCES `old-shelf` (id),
            number integer NOT NULL, twin bigint UNIQUE REFERENCES `old-shelf` (id),
            note varchar(30), PRIMARY KEY (shelf_id, number), UNIQUE (note, twin))
    """,
}


@pytest.fixture
def old_tables(committed_db: str) -> Iterator[str]:
    """Two tables that nobody made for models."""
    for statement in TABLES[committed_db].split(";"):
        connections["default"].write(statement)
    yield committed_db
    for name in ("old_volume", "old-shelf"):
        quoted = connections["default"].ops.quote_name(name)
        connections["default"].write(f"DROP TABLE {quoted}")


def test_inspectdb_prints_models_that_work(
    old_tables: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output is a module: its models read and write the tables."""
    capsys.readouterr()
    inspectdb(["old-shelf", "old_volume"])
    source = capsys.readouterr().out
    module = ModuleType(f"inspected_{old_tables}.models")
    monkeypatch.setitem(sys.modules, module.__name__, module)

    exec(compile(source, "models.py", "exec"), module.__dict__)

    shelf = module.OldShelf.objects.create(class_field="A", a_b_c=1, flag=True)
    module.OldVolume.objects.create(shelf=shelf, number=1, twin=shelf)
    assert module.OldVolume.objects.get(pk=(shelf.pk, 1)).twin.class_field == "A"
    assert module.OldVolume._meta.get_field("twin").one_to_one
    assert module.OldShelf._meta.get_field("class_field").unique
    assert module.OldShelf._meta.get_field("class_field").max_length == 20
    assert module.OldShelf._meta.get_field("flag").get_internal_type() == "BooleanField"
    assert module.OldVolume._meta.unique_together == (("note", "twin"),)


def test_inspectdb_passes_over_what_is_unique_under_a_condition(
    old_tables: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """unique=True would say it of all rows. MariaDB has no such indexes."""
    condition = "" if old_tables == "mysql" else "WHERE number > 1"
    kind = "INDEX" if old_tables == "mysql" else "UNIQUE INDEX"
    connections["default"].write(f"CREATE {kind} old_number ON old_volume (number) {condition}")
    capsys.readouterr()

    inspectdb(["old_volume"])

    assert "    number = models.IntegerField()\n" in capsys.readouterr().out


def test_inspectdb_reads_the_tables_of_our_own_models(
    db: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """All of them: the module imports."""
    inspectdb()
    path = tmp_path / "found_models.py"
    path.write_text(capsys.readouterr().out)

    done = subprocess.run(
        [sys.executable, "-c", "import found_models as m; print(m.PressArticle._meta.get_field"
         "('author').related_model.__name__)"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("PressAuthor\n", "")


@only("sqlite")
def test_inspectdb_passes_over_unique_indexes_of_some_rows_or_of_expressions(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such indexes make none of the columns unique."""
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE shelves (id INTEGER PRIMARY KEY, label TEXT, room INTEGER)")
        cursor.execute("CREATE UNIQUE INDEX shelves_label ON shelves (room, lower(label))")
        cursor.execute("CREATE UNIQUE INDEX shelves_room ON shelves (room) WHERE room > 0")
    inspectdb(["shelves"])

    assert "unique" not in capsys.readouterr().out


COMPUTED = {
    "sqlite": """
        CREATE TABLE computed_box (id INTEGER PRIMARY KEY, "a, (b" INTEGER NOT NULL DEFAULT ('),'),
            price DECIMAL(8, 2) NOT NULL, data JSON NOT NULL,
            "twice" DECIMAL(9, 2) GENERATED ALWAYS AS ("price" * 2) VIRTUAL,
            said VARCHAR(9) AS (trim(')%(') || "a, (b") STORED)
    """,
    "postgresql": """
        CREATE TABLE computed_box (id bigserial PRIMARY KEY, "a, (b" integer NOT NULL,
            price numeric(8, 2) NOT NULL, data jsonb NOT NULL,
            twice numeric(9, 2) GENERATED ALWAYS AS ("price" * 2) STORED,
            said varchar(9) GENERATED ALWAYS AS (trim(')%(') || "a, (b") STORED)
    """,
    "mysql": """
        CREATE TABLE computed_box (id bigint AUTO_INCREMENT PRIMARY KEY, `a, (b` int NOT NULL,
            price numeric(8, 2) NOT NULL, data json NOT NULL,
            twice numeric(9, 2) GENERATED ALWAYS AS (price * 2) VIRTUAL,
            said varchar(9) GENERATED ALWAYS AS (concat(')%%(', `a, (b`)) STORED)
    """,
}


def test_inspectdb_knows_computed_columns_and_json(
    committed_db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its models can be saved: what the database computes is a GeneratedField."""
    connections["default"].write(COMPUTED[committed_db])
    try:
        inspectdb(["computed_box"])
        source = capsys.readouterr().out
        module = ModuleType(f"computed_{committed_db}.models")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(source, "models.py", "exec"), module.__dict__)

        box = module.ComputedBox.objects.create(a_b=7, price=3, data={"x": [1]})
        assert (box.twice, box.said, box.data) == (6, ")%(7", {"x": [1]})
        box.price = 4
        box.save()
        assert box.twice == 8
        assert module.ComputedBox.objects.filter(data__x=[1], twice=8).count() == 1
        twice = module.ComputedBox._meta.get_field("twice")
        assert twice.db_persist == (committed_db == "postgresql")
        assert twice.output_field.decimal_places == 2
        assert module.ComputedBox._meta.get_field("said").db_persist
    finally:
        connections["default"].write("DROP TABLE computed_box")
