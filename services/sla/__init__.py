"""SLA: watches every clock, warns, records breaches, and acts when a wait runs out."""
