"""What the databases can and cannot do: flags under Django's names.

Only what SQLAlchemy does not decide by itself is here. A flag that depends on the server's version
is a property, and asks the server once.
"""

from typing import ClassVar


class Features:
    """What a database can do. The values here are the usual ones; a driver says what differs."""

    # Writing -------------------------------------------------------------------------------------

    can_return_rows_from_update: ClassVar[bool] = False
    """UPDATE ... RETURNING."""
    supports_default_keyword_in_insert: ClassVar[bool] = True
    """INSERT ... VALUES (DEFAULT)."""
    supports_ignore_conflicts: ClassVar[bool] = True
    """An INSERT can pass over rows that break a constraint."""
    supports_update_conflicts: ClassVar[bool] = True
    """An INSERT can update the rows that are there already."""
    supports_update_conflicts_with_target: ClassVar[bool] = True
    """It names the unique columns that decide so: ``bulk_create(unique_fields=...)``."""
    max_query_params: int | None = None
    """The number of parameters of one statement; ``None`` for no limit."""
    can_defer_constraint_checks: ClassVar[bool] = True
    """Foreign keys are checked at the commit; otherwise by each statement, in order."""
    delete_can_self_reference_subquery: ClassVar[bool] = True
    """A DELETE or UPDATE may read its own table in a subquery."""

    # Reading -------------------------------------------------------------------------------------

    has_select_for_update: ClassVar[bool] = True
    """SELECT ... FOR UPDATE; elsewhere it is left out, as a write locks the whole database."""
    has_select_for_update_nowait: ClassVar[bool] = True
    """FOR UPDATE NOWAIT."""
    has_select_for_update_skip_locked: ClassVar[bool] = True
    """FOR UPDATE SKIP LOCKED."""
    has_select_for_no_key_update: ClassVar[bool] = False
    """FOR NO KEY UPDATE."""
    can_distinct_on_fields: ClassVar[bool] = False
    """SELECT DISTINCT ON (...)."""
    supports_order_by_nulls_modifier: ClassVar[bool] = True
    """ORDER BY ... NULLS FIRST."""
    order_by_nulls_first: ClassVar[bool] = False
    """Nulls come first when ascending, unless the query says otherwise."""
    allow_sliced_subqueries_with_in: ClassVar[bool] = True
    """IN (SELECT ... LIMIT n); elsewhere a derived table has to be around it."""
    supports_parentheses_in_compound: ClassVar[bool] = True
    """(SELECT ...) UNION (SELECT ...)."""
    supports_slicing_ordering_in_compound: ClassVar[bool] = True
    """Their parts may have ORDER BY and LIMIT."""
    supported_explain_formats: ClassVar[frozenset[str]] = frozenset()
    """What ``explain(format=...)`` takes."""
    like_ignores_case: ClassVar[bool] = False
    """LIKE takes "a" for "A": ``contains`` has to ask for a binary comparison."""
    has_zoneinfo_database: bool = True
    """Names of time zones are known to the database's functions."""

    allows_auto_pk_0: ClassVar[bool] = True
    allows_group_by_selected_pks: ClassVar[bool] = False
    """GROUP BY a table's primary key lets all its columns be selected."""

    # Expressions ---------------------------------------------------------------------------------

    supports_frame_exclusion: ClassVar[bool] = True
    """OVER (... EXCLUDE ...)."""
    supports_frame_range_fixed_distance: ClassVar[bool] = True
    """OVER (RANGE BETWEEN 3 PRECEDING ...)."""
    only_supports_unbounded_with_preceding_and_following: ClassVar[bool] = False
    """A RANGE frame goes from UNBOUNDED or CURRENT ROW, to such."""
    supports_aggregate_filter_clause: ClassVar[bool] = True
    """COUNT(...) FILTER (WHERE ...); elsewhere it is CASE inside of the aggregate."""
    supports_aggregate_distinct_multiple_argument: ClassVar[bool] = True
    """COUNT(DISTINCT a, b)."""
    greatest_least_ignores_nulls: ClassVar[bool] = False
    """GREATEST(1, NULL) is 1."""
    supports_logical_xor: ClassVar[bool] = False
    """An operator XOR; elsewhere it is put together from AND and OR."""
    has_native_duration_field: ClassVar[bool] = False
    """INTERVAL; elsewhere a duration is a number of microseconds."""
    supports_json_field_contains: ClassVar[bool] = True
    """The JSON lookups ``contains`` and ``contained_by``."""
    supports_json_negative_indexing: ClassVar[bool] = True
    """A JSON path counts from the end: ``data__-1``."""
    supports_unlimited_charfield: ClassVar[bool] = True
    """A ``CharField`` may have no ``max_length``."""

    # Tables --------------------------------------------------------------------------------------

    can_rollback_ddl: ClassVar[bool] = True
    """CREATE TABLE is undone with its transaction."""
    supports_partial_indexes: ClassVar[bool] = True
    """CREATE INDEX ... WHERE."""
    supports_covering_indexes: ClassVar[bool] = False
    """CREATE INDEX ... INCLUDE."""
    supports_index_on_text_field: ClassVar[bool] = True
    """A ``TextField`` may have an index, of all its text, or be unique."""
    supports_deferrable_unique_constraints: ClassVar[bool] = False
    """UNIQUE ... DEFERRABLE."""
    supports_nulls_distinct_unique_constraints: ClassVar[bool] = False
    """UNIQUE NULLS NOT DISTINCT."""
    supports_comments: ClassVar[bool] = False
    """Comments on tables and columns."""
    supports_tablespaces: ClassVar[bool] = False
    """Tables and indexes can be put into a tablespace."""
    supports_on_delete_db_default: ClassVar[bool] = True
    """FOREIGN KEY ... ON DELETE SET DEFAULT."""

    # Those that depend on the server -------------------------------------------------------------

    @property
    def can_return_columns_from_insert(self) -> bool:
        """INSERT ... RETURNING, of one row and of many."""
        return True

    @property
    def has_select_for_update_of(self) -> bool:
        """FOR UPDATE OF a table."""
        return True

    @property
    def supports_any_value(self) -> bool:
        """The aggregate ANY_VALUE."""
        return True

    @property
    def supports_aggregate_order_by_clause(self) -> bool:
        """STRING_AGG(... ORDER BY ...)."""
        return True

    @property
    def supports_default_in_lead_lag(self) -> bool:
        """LAG(column, offset, default)."""
        return True

    @property
    def update_can_self_select(self) -> bool:
        """An UPDATE may read its own table in a subquery of its values."""
        return True

    @property
    def supports_expression_indexes(self) -> bool:
        """CREATE INDEX ON t (LOWER(name))."""
        return True

    @property
    def supports_virtual_generated_columns(self) -> bool:
        """GENERATED ALWAYS AS (...) VIRTUAL."""
        return True

    @property
    def supports_uuid4_function(self) -> bool:
        """The database makes random UUIDs."""
        return True

    @property
    def supports_uuid7_function(self) -> bool:
        """The database makes UUIDs that sort by time."""
        return True
