"""From measured links to homes: which technology reaches which, in the sample and in the stock, and is that known."""
