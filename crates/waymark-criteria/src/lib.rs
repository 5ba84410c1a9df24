//! Facts, the requirement tree, counting, and the decision that explains itself.
