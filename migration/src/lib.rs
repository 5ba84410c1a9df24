//! The schema of Waymark: migrations in order, one table family a file.
