"""The three lists, declared once: reading, template, dictionary and messages come from here."""

from smarthan.tables import Field, Table, register

# Rules of this room beside the shared ones.
register("link_form", "row", "a link is not of the form kind:id")
register("link_unknown", "flag", "a link names something that does not exist")
register("date_order", "row", "a day comes before the day it must follow")
register("status_conflict", "row", "the status and another cell of the row contradict each other")

ENTRY_KINDS = ("gap", "issue", "risk", "action", "assumption")
OWNER_GROUPS = ("architecture", "equipment", "procurement", "project")
STATUSES = ("open", "in_progress", "closed", "withdrawn")
LIVE = ("open", "in_progress")
PRIORITIES = ("high", "medium", "low")
LINK_KINDS = ("option", "criterion", "technology", "building_type", "coverage_area")

COMMENT_KINDS = ("clarify", "change", "out_of_scope")

RESPONDENT_TYPES = (
    *("supplier", "network", "manufacturer", "service_provider", "consumer_body"),
    *("landlord", "academic", "individual", "other"),
)
STANCES = ("strongly_agree", "agree", "neutral", "disagree", "strongly_disagree")

_SYNTHETIC = Field("synthetic", "boolean", "Whether the row was made up.")

REGISTER = Table(
    "register",
    "Gaps, issues, risks, actions and assumptions: one row each.",
    (
        Field(
            "id",
            "identifier",
            "Name of the entry, never used again.",
            required=True,
            max_length=64,
            optional_column=False,
        ),
        Field("kind", "category", "What it is.", required=True, allowed=ENTRY_KINDS, optional_column=False),
        Field(
            "title",
            "text",
            "What is open, in a sentence.",
            required=True,
            max_length=300,
            verbatim=True,
            optional_column=False,
        ),
        Field(
            "area",
            "text",
            "Subject, such as security or installation.",
            required=True,
            max_length=64,
            optional_column=False,
        ),
        Field("owner_group", "category", "Who must act.", required=True, allowed=OWNER_GROUPS, optional_column=False),
        Field("raised", "date", "Day it was raised.", required=True, optional_column=False),
        Field("due", "date", "Day it is to be closed by; empty where none was agreed."),
        Field("status", "category", "Where it stands.", required=True, allowed=STATUSES, optional_column=False),
        Field("closed", "date", "Day it was closed or withdrawn."),
        Field(
            "priority",
            "category",
            "How much hangs on it.",
            required=True,
            allowed=PRIORITIES,
            ordered=True,
            optional_column=False,
        ),
        Field("source", "text", "Document or meeting it comes from.", max_length=300, verbatim=True),
        Field("links", "text", "What it bears on, kind:id joined by ';', such as criterion:capex.", max_length=1_000),
        Field("note", "text", "Anything else.", max_length=4_000, verbatim=True),
        _SYNTHETIC,
    ),
    key=("id",),
)

COMMENTS = Table(
    "comments",
    "Comments on a document: one row a comment.",
    (
        Field("id", "identifier", "Name of the comment.", required=True, max_length=64, optional_column=False),
        Field(
            "respondent", "text", "Organisation that commented.", required=True, max_length=200, optional_column=False
        ),
        Field(
            "document",
            "text",
            "Document commented on, with its version.",
            required=True,
            max_length=200,
            optional_column=False,
        ),
        Field("section", "text", "Where in it.", max_length=64),
        Field(
            "comment", "text", "What was said.", required=True, max_length=8_000, verbatim=True, optional_column=False
        ),
        Field("kind", "category", "What is asked for.", required=True, allowed=COMMENT_KINDS, optional_column=False),
        Field("response", "text", "What was answered; empty while nothing was.", max_length=8_000, verbatim=True),
        Field("answered_in", "text", "Document and section that hold the answer.", max_length=200),
        Field("next_milestone", "text", "When it is taken up again.", max_length=200),
        _SYNTHETIC,
    ),
    key=("id",),
)

# Personal: what is in confidence must not stand in the account of a file that was not read for its confidence yet.
RESPONSES = Table(
    "responses",
    "Answers to a consultation: one row a respondent, question and option.",
    (
        Field(
            "respondent", "text", "Who answered.", required=True, max_length=200, personal=True, optional_column=False
        ),
        Field(
            "respondent_type",
            "category",
            "What kind of body.",
            required=True,
            allowed=RESPONDENT_TYPES,
            optional_column=False,
        ),
        Field("question", "identifier", "Name of the question.", required=True, max_length=64, optional_column=False),
        Field(
            "option", "identifier", "Option or candidate it asks about; empty where it asks about none.", max_length=64
        ),
        Field(
            "stance",
            "category",
            "Stance on the stated scale; empty where none was taken.",
            allowed=STANCES,
            personal=True,
        ),
        Field("text", "text", "Reasons given.", max_length=20_000, verbatim=True, personal=True),
        Field(
            "confidential",
            "boolean",
            "Whether the respondent asked for confidence.",
            required=True,
            optional_column=False,
        ),
        _SYNTHETIC,
    ),
)
REGISTER_TABLES = {table.name: table for table in (REGISTER, COMMENTS, RESPONSES)}
