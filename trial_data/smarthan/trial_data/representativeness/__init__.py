"""How well the sample stands for the stock, and how far each reading may be trusted: finished tables, no estimates."""
