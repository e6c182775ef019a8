"""The operators of ranges, as an exclusion constraint names them."""


class RangeOperators:
    """PostgreSQL's operators of ranges.

    https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/#rangeoperators
    """

    EQUAL = "="
    NOT_EQUAL = "<>"
    CONTAINS = "@>"
    CONTAINED_BY = "<@"
    OVERLAPS = "&&"
    FULLY_LT = "<<"
    FULLY_GT = ">>"
    NOT_LT = "&>"
    NOT_GT = "&<"
    ADJACENT_TO = "-|-"
