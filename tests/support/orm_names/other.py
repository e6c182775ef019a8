"""Uses of the names of managers, transactions, signals, routers, validators and exceptions."""

from typing import Any

import pytest

import raystack_orm
from raystack import Kernel, use_kernel
from raystack_orm import connection, connections, exceptions, models, transaction, validators
from raystack_orm.commands.migrate_signals import tell_apps
from raystack_orm.models import signals
from raystack_orm.signals import connection_created
from raystack_orm.testing import isolate_apps, override_settings

from .library import Article, Author, Tag, article, stored
from .loop import awaited
from .uses import uses

MANAGERS, TRANSACTIONS = "topics/db/managers", "topics/db/transactions"
SIGNALS, ROUTERS = "ref/signals", "topics/db/multi-db"
VALIDATORS, EXCEPTIONS = "ref/validators", "ref/exceptions"


@uses(MANAGERS, "Manager", "Model._default_manager", "Model._base_manager", "from_queryset")
@isolate_apps()
def managers() -> None:
    class Popular(models.QuerySet[Any]):
        def popular(self) -> Any:
            return self.filter(plays__gt=100)

    class Loud(models.Manager[Any]):
        def get_queryset(self) -> Any:
            return super().get_queryset().filter(loud=True)

    class Song(models.Model):
        plays = models.IntegerField()
        loud = models.BooleanField(default=True)
        objects = Loud.from_queryset(Popular)()

        class Meta:
            app_label = "atlas"

    stored(Song)
    song = Song.objects.create(plays=101)
    Song.objects.create(plays=101, loud=False)
    assert list(Song.objects.popular()) == [song]
    assert Song._default_manager.count() == 1
    assert Song._base_manager.count() == 2


@uses(
    TRANSACTIONS,
    "atomic",
    "on_commit",
    "get_rollback",
    "set_rollback",
    "savepoint",
    "savepoint_create",
    "savepoint_commit",
    "savepoint_rollback",
    "clean_savepoints",
    "non_atomic_requests",
)
def transactions() -> None:
    with transaction.atomic():
        Author.objects.create(name="Ann")
        transaction.on_commit(lambda: None)
        assert not transaction.get_rollback()
        transaction.set_rollback(True)
    assert not Author.objects.exists()
    transaction.clean_savepoints()
    transaction.savepoint_commit(transaction.savepoint_create())
    before = transaction.savepoint()
    Author.objects.create(name="Ann")
    transaction.savepoint_rollback(before)
    assert not Author.objects.exists()

    @transaction.non_atomic_requests
    def endpoint() -> None: ...

    endpoint()


@uses(TRANSACTIONS, "get_autocommit", "set_autocommit", "commit", "rollback", vendor="own")
def transactions_by_hand() -> None:
    assert transaction.get_autocommit()
    transaction.set_autocommit(False)
    try:
        Author.objects.create(name="Ann")
        transaction.rollback()
        assert not Author.objects.exists()
        Author.objects.create(name="Bob")
        transaction.commit()
    finally:
        transaction.set_autocommit(True)
    assert Author.objects.get().name == "Bob"


SENT = ("pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete")


@uses(SIGNALS, *[f"db.models.signals.{name}" for name in (*SENT, "m2m_changed", "class_prepared")])
@isolate_apps()
def signals_of_models() -> None:
    seen: list[str] = []
    receivers = {
        name: lambda sender, name=name, **_: seen.append(name) if sender is Author else None
        for name in SENT
    }
    for name, function in receivers.items():
        getattr(signals, name).connect(function, sender=Author)
    changed: list[str] = []

    def note(action: str, **_: Any) -> None:
        changed.append(action)

    signals.m2m_changed.connect(note, sender=Article.tags.through)
    prepared: list[str] = []

    def prepare(sender: Any, **_: Any) -> None:
        prepared.append(sender.__name__)

    signals.class_prepared.connect(prepare)
    try:
        Author(name="Ann").save()
        Author.objects.get().delete()
        article().tags.add(Tag.objects.create(name="fun"))

        class Town(models.Model):
            class Meta:
                app_label = "atlas"
    finally:
        signals.class_prepared.disconnect(prepare)
        signals.m2m_changed.disconnect(note, sender=Article.tags.through)
        for name, function in receivers.items():
            getattr(signals, name).disconnect(function, sender=Author)
    assert set(seen) == set(SENT)
    assert changed == ["pre_add", "post_add"]
    assert prepared == [Town.__name__]


@uses(SIGNALS, "db.models.signals.pre_migrate", "db.models.signals.post_migrate")
def signals_of_migrations() -> None:
    """As `raystack migrate` sends them, for each app that has a module called `models`."""
    seen: list[str] = []

    def note(app_config: Any, using: str, **_: Any) -> None:
        seen.append(f"{app_config.name} {using}")

    kernel = Kernel(plugins=[], discover=False, settings={"INSTALLED_APPS": ["fastapi.openapi"]})
    with use_kernel(kernel):
        kernel.setup()
        for signal in (signals.pre_migrate, signals.post_migrate):
            signal.connect(note)
            tell_apps(signal, "default", interactive=False)
            signal.disconnect(note)
    assert seen == ["fastapi.openapi default"] * 2


@uses(SIGNALS, "db.backends.signals.connection_created", vendor="own")
def receivers_are_told_of_connections() -> None:
    sent: list[Any] = []

    def note(**named: Any) -> None:
        sent.append(named)

    connection_created.connect(note)
    try:
        connections.driver("default").close()
        assert Author.objects.count() == 0
    finally:
        connection_created.disconnect(note)
    assert sent[0]["sender"] is type(sent[0]["connection"])
    assert sent[0]["connection"].alias == "default"


class Archive:
    """Sends authors to a database that is not there."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "archive" if model is Author else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return "archive" if model is Author else None

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        return False

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return app_label != "library"


@uses(ROUTERS, "db_for_read", "db_for_write", "allow_relation", "allow_migrate")
def routers() -> None:
    with override_settings(DATABASE_ROUTERS=[Archive()]):
        assert Author.objects.all().db == "archive"
        with pytest.raises(exceptions.ConnectionDoesNotExist):
            Author.objects.create(name="Ann")
        with pytest.raises(ValueError, match="router"):
            Article(author=Author(id=1, name="Ann"))
        assert not Author._meta.can_migrate(
            "default"
        ) or not raystack_orm.router.allow_migrate_model("default", Author)


@uses("topics/db/instrumentation", "connection.execute_wrapper")
def instrumentation() -> None:
    seen = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        Author.objects.count()
    assert len(seen) == 1


def refuses(validator: Any, *values: Any, accepts: tuple[Any, ...] = ()) -> None:
    """Check what a validator refuses and accepts."""
    for value in values:
        with pytest.raises(exceptions.ValidationError):
            validator(value)
    for value in accepts:
        validator(value)


@uses(
    VALIDATORS,
    "RegexValidator",
    "RegexValidator.regex",
    "RegexValidator.message",
    "RegexValidator.code",
    "RegexValidator.inverse_match",
    "RegexValidator.flags",
)
def patterns() -> None:
    import re

    validator = validators.RegexValidator(
        regex="^a", message="No", code="no", inverse_match=True, flags=re.IGNORECASE
    )
    with pytest.raises(exceptions.ValidationError) as caught:
        validator("Ab")
    assert (caught.value.messages, caught.value.code) == (["No"], "no")
    validator("b")


@uses(
    VALIDATORS,
    "EmailValidator",
    "EmailValidator.message",
    "EmailValidator.code",
    "EmailValidator.allowlist",
    "DomainNameValidator",
    "DomainNameValidator.accept_idna",
    "URLValidator",
    "URLValidator.schemes",
    "URLValidator.max_length",
    "validate_email",
    "validate_domain_name",
    "validate_slug",
    "validate_unicode_slug",
    "validate_ipv4_address",
    "validate_ipv6_address",
    "validate_ipv46_address",
    "validate_comma_separated_integer_list",
    "int_list_validator",
)
def addresses_and_lists() -> None:
    email = validators.EmailValidator(message="No", code="no", allowlist=["here"])
    with pytest.raises(exceptions.ValidationError, match="No") as caught:
        email("a")
    assert caught.value.code == "no"
    email("a@here")
    refuses(validators.DomainNameValidator(accept_idna=False), "über.de", accepts=("a.de",))
    refuses(validators.URLValidator(schemes=["https"]), "http://a.de", accepts=("https://a.de",))
    refuses(validators.URLValidator(), "https://a.de/" + "a" * validators.URLValidator.max_length)
    refuses(validators.validate_email, "a", accepts=("a@b.de",))
    refuses(validators.validate_domain_name, "-", accepts=("a.de",))
    refuses(validators.validate_slug, "ü", accepts=("a-b",))
    refuses(validators.validate_unicode_slug, "a b", accepts=("ü",))
    refuses(validators.validate_ipv4_address, "::1", accepts=("1.2.3.4",))
    refuses(validators.validate_ipv6_address, "1.2.3.4", accepts=("::1",))
    refuses(validators.validate_ipv46_address, "1", accepts=("1.2.3.4", "::1"))
    refuses(validators.validate_comma_separated_integer_list, "1;2", accepts=("1,2",))
    refuses(validators.int_list_validator(sep=";"), "1,2", accepts=("1;2",))


@uses(
    VALIDATORS,
    "MaxValueValidator",
    "MinValueValidator",
    "MaxLengthValidator",
    "MinLengthValidator",
    "DecimalValidator",
    "StepValueValidator",
    "FileExtensionValidator",
    "validate_image_file_extension",
    "ProhibitNullCharactersValidator",
    "ProhibitNullCharactersValidator.message",
    "ProhibitNullCharactersValidator.code",
)
def limits_and_files() -> None:
    from decimal import Decimal

    from raystack_orm.files import ContentFile

    refuses(validators.MaxValueValidator(3), 4, accepts=(3,))
    refuses(validators.MinValueValidator(3), 2, accepts=(3,))
    refuses(validators.MaxLengthValidator(1), "ab", accepts=("a",))
    refuses(validators.MinLengthValidator(2), "a", accepts=("ab",))
    refuses(validators.DecimalValidator(3, 1), Decimal("1.23"), accepts=(Decimal("12.3"),))
    refuses(validators.StepValueValidator(2), 3, accepts=(4,))
    text, image = ContentFile(b"", name="a.txt"), ContentFile(b"", name="a.png")
    refuses(validators.FileExtensionValidator(["txt"]), image, accepts=(text,))
    refuses(validators.validate_image_file_extension, text, accepts=(image,))
    with pytest.raises(exceptions.ValidationError, match="No") as caught:
        validators.ProhibitNullCharactersValidator(message="No", code="no")("\0")
    assert caught.value.code == "no"


@uses(
    EXCEPTIONS,
    "ObjectDoesNotExist",
    "MultipleObjectsReturned",
    "ObjectNotUpdated",
    "FieldDoesNotExist",
    "FieldError",
    "FieldFetchBlocked",
    "ValidationError",
    "NON_FIELD_ERRORS",
    "ImproperlyConfigured",
    "models.ProtectedError",
    "models.RestrictedError",
)
@isolate_apps()
def errors_of_models() -> None:
    class Country(models.Model):
        class Meta:
            app_label = "atlas"

        def clean(self) -> None:
            raise raystack_orm.ValidationError("No")

    class Town(models.Model):
        kept = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+")
        bound = models.ForeignKey(Country, models.RESTRICT, null=True, related_name="+")

        class Meta:
            app_label = "atlas"

    stored(Country, Town)
    kept, bound = Country.objects.create(), Country.objects.create()
    Town.objects.create(kept=kept), Town.objects.create(bound=bound)
    with pytest.raises(models.ProtectedError):
        kept.delete()
    with pytest.raises(models.RestrictedError):
        bound.delete()
    with pytest.raises(exceptions.ObjectDoesNotExist):
        Country.objects.get(pk=99)
    with pytest.raises(exceptions.MultipleObjectsReturned):
        Country.objects.get()
    with pytest.raises(exceptions.ObjectNotUpdated):
        Country(pk=99).save(force_update=True)
    with pytest.raises(exceptions.FieldDoesNotExist):
        Country._meta.get_field("name")
    with pytest.raises(exceptions.FieldError):
        Country.objects.filter(name=1)
    with pytest.raises(exceptions.ImproperlyConfigured):
        raystack_orm.configure(databases={})
    with pytest.raises(exceptions.FieldFetchBlocked):
        _ = Town.objects.fetch_mode(models.FETCH_RAISE).exclude(kept=None).get().kept
    with pytest.raises(exceptions.ValidationError) as caught:
        Country().full_clean()
    assert list(caught.value.message_dict) == [exceptions.NON_FIELD_ERRORS]


@uses(
    EXCEPTIONS,
    "Error",
    "DatabaseError",
    "OperationalError",
    "IntegrityError",
    "InterfaceError",
    "ProgrammingError",
    "NotSupportedError",
    "TransactionManagementError",
)
def errors_of_databases() -> None:
    with pytest.raises(exceptions.OperationalError), transaction.atomic():
        connection.fetch("SELECT nonsense")
    with pytest.raises(exceptions.IntegrityError) as caught, transaction.atomic():
        Author.objects.create(name=None)
    assert isinstance(caught.value, exceptions.DatabaseError)
    assert isinstance(caught.value, exceptions.Error)
    with pytest.raises(exceptions.InterfaceError), connection.cursor() as cursor:
        cursor.close()
        cursor.execute("SELECT 1")
    with pytest.raises(exceptions.ProgrammingError), transaction.atomic():
        connection.fetch("SELECT ?", ())
    with pytest.raises(exceptions.NotSupportedError):
        list(Author.objects.distinct("name"))
    with pytest.raises(exceptions.TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        Author.objects.count()


@uses(EXCEPTIONS, "DataError", "InternalError", vendor="postgresql")
def errors_that_sqlite_has_not() -> None:
    with pytest.raises(exceptions.DataError), transaction.atomic():
        Author.objects.create(name="a" * 101)
    with pytest.raises(exceptions.InternalError), transaction.atomic():
        connection.fetch("SELECT array_in('{1}', 0, -1)")


@uses(EXCEPTIONS, "EmptyResultSet", "SuspiciousOperation")
def other_errors() -> None:
    from tempfile import TemporaryDirectory

    from raystack_orm.files.storage import FileSystemStorage

    with TemporaryDirectory() as folder, pytest.raises(exceptions.SuspiciousOperation):
        FileSystemStorage(location=folder).path("../secret")

    with pytest.raises(exceptions.EmptyResultSet):
        str(Author.objects.none().query)


@uses(EXCEPTIONS, "SynchronousOnlyOperation", vendor="own")
def a_query_on_the_event_loop() -> None:
    async def main() -> None:
        with pytest.raises(exceptions.SynchronousOnlyOperation):
            Author.objects.count()

    awaited(main)


@uses(EXCEPTIONS, "FullResultSet")
def a_lookup_that_every_row_fits() -> None:
    class Ever(models.Lookup):
        lookup_name = "ever"

        def as_sql(self, compiler: Any, connection: Any) -> Any:
            raise exceptions.FullResultSet

    models.CharField.register_lookup(Ever)
    try:
        assert Author.objects.filter(name__ever=1).count() == Author.objects.count()
    finally:
        models.CharField._unregister_lookup(Ever)
