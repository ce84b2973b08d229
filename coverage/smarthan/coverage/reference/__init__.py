"""The postcode reference: which postcodes are live or were withdrawn, and where they lie."""
