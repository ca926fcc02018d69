"""What is asked of all the rows that one statement adds, together: by a trigger in the database."""

from __future__ import annotations

import pgtrigger


def added_together(name: str, *checks: tuple[str, str]) -> pgtrigger.Trigger:
    """A trigger that refuses a statement's rows (`added`) where a query finds anything: pairs of query and what is said then.

    The queries are texts to the database, so that each is planned for the rows there are: the plan of a statement of three
    rows would be kept for the next one of its session, of a hundred thousand.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
        declare=[("wrong", "boolean")],
        func="".join(
            f"EXECUTE $q$ SELECT EXISTS ({query}) $q$ INTO wrong; IF wrong THEN RAISE EXCEPTION '{said}'; END IF; "
            for query, said in checks
        )
        + "RETURN NULL;",
    )
