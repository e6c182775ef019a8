"""What MariaDB and MySQL can and cannot do, and in what they differ."""

from abc import abstractmethod

from .features import Features


class MySQLFeatures(Features):
    """The features of MariaDB and MySQL."""

    allows_auto_pk_0 = False
    supports_update_conflicts_with_target = False
    can_defer_constraint_checks = False
    delete_can_self_reference_subquery = False
    supports_order_by_nulls_modifier = False
    order_by_nulls_first = True
    allow_sliced_subqueries_with_in = False
    like_ignores_case = True
    supports_frame_exclusion = False
    supports_aggregate_filter_clause = False
    supports_logical_xor = True
    supports_json_negative_indexing = False
    supports_unlimited_charfield = False
    can_rollback_ddl = False
    supports_partial_indexes = False
    supports_index_on_text_field = False
    supports_comments = True
    supports_on_delete_db_default = False

    @property
    def supported_explain_formats(self) -> frozenset[str]:  # type: ignore[override]  # by server
        """TREE is MySQL's."""
        usual = frozenset({"JSON", "TEXT", "TRADITIONAL"})
        return usual if self.is_mariadb else usual | {"TREE"}

    @property
    @abstractmethod
    def is_mariadb(self) -> bool:
        """Whether the server is MariaDB, rather than MySQL."""

    @property
    @abstractmethod
    def server_version(self) -> tuple[int, ...]:
        """The server's version."""

    @property
    def can_return_columns_from_insert(self) -> bool:
        """MariaDB has INSERT ... RETURNING."""
        return self.is_mariadb

    @property
    def has_select_for_update_of(self) -> bool:
        """MySQL has FOR UPDATE OF."""
        return not self.is_mariadb

    @property
    def supports_any_value(self) -> bool:
        """MySQL has ANY_VALUE."""
        return not self.is_mariadb

    @property
    def supports_default_in_lead_lag(self) -> bool:
        """MySQL has it."""
        return not self.is_mariadb

    @property
    def update_can_self_select(self) -> bool:
        """MariaDB can."""
        return self.is_mariadb

    @property
    def supports_expression_indexes(self) -> bool:
        """MySQL has them."""
        return not self.is_mariadb

    @property
    def supports_uuid4_function(self) -> bool:
        """MariaDB has UUID_v4 since 11.7; MySQL's UUID() is of version 1."""
        return self.is_mariadb and self.server_version >= (11, 7)

    @property
    def supports_uuid7_function(self) -> bool:
        """MariaDB has UUID_v7 since 11.7."""
        return self.supports_uuid4_function
