"""The five services: intake, routing, sla, notify, reporting. None imports another."""
