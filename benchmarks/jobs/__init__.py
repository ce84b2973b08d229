"""The jobs: what is asked of every contender, and what is claimed of ours."""
