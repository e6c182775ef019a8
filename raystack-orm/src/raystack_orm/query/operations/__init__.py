"""Operations: what QuerySets and instances do to the database, one module each."""
