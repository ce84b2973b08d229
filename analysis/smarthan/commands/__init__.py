"""What each command does: takes arguments, returns text and an exit code; `smarthan.cli` prints them."""
