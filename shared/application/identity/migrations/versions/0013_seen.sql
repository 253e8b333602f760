-- When somebody last used an account, up to a minute ago: whoever administers accounts shuts those that nobody uses.

ALTER TABLE identity.users ADD COLUMN seen_at timestamptz;
