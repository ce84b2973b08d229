"""What a trial does not take row by row: a file with a damaged byte is refused, its first bad line named."""

from __future__ import annotations

from smarthan.tables import FileRefused, Rows

# Code of the damaged record, code of the refusal, what to say of it.
_DAMAGE = (
    ("file_nul", "file_nul", "holds a NUL byte: the copy is damaged; fetch the file again"),
    ("row_encoding", "file_encoding", "holds bytes that are not UTF-8; save the file as UTF-8"),
    ("row_quotes", "file_quotes", "has a quote that opens and never closes; mend that line"),
)


def refuse_damaged(path: object, rows: Rows) -> None:
    """Refuse a file in which a NUL, an unbalanced quote or a byte that is not UTF-8 stands.

    Raises
    ------
    FileRefused
        Naming the first line. Other tables are read without their damaged rows, but a trial is collected once: what
        damaged one line may have changed others unseen.
    """
    for batch in rows.problems.batches:
        for code, refusal, words in _DAMAGE:
            if batch.code == code:
                found = map(batch.problem, range(len(batch)))
                first = next((p.line for p in found if _is_fatal(code, p.original)), None)
                if first is not None:
                    raise FileRefused(path, refusal, f"line {first} {words}")


def _is_fatal(code: str, record: str) -> bool:
    """Return whether it is more than a pair of quotes inside a cell, which spoils its own row only."""
    return code != "row_quotes" or record.count('"') % 2 == 1
