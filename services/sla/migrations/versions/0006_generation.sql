-- Which generation of the projection made the tables, so that a process of another version does not add to them in its
-- own way; 0: any may. See shared/store/projection/generation.py.
ALTER TABLE sla.low_water ADD COLUMN made_by integer NOT NULL DEFAULT 0;
