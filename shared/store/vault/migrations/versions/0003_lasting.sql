-- What outlives a change of the master key: see shared/platform/purposes.py.

-- The keys, by purpose, that followed from the master key before this one, sealed by this one. Null for the first that an
-- installation had, and for one that was changed by a version that did not know of them: then they follow from itself.
ALTER TABLE vault.masters ADD COLUMN lasting bytea;
