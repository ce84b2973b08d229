"""The contenders: each library's best honest way to do the jobs, as a fluent user of it would write it."""
