"""From a tenant's files to an SOP, or to all that is wrong with them."""
