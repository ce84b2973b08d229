"""Radio loss inside and into buildings, by published models, each result marked where it leaves its model's range."""
