-- Lists of clocks by state, soonest due first, at the same cost whatever lies in the past. The stage is the state, but a
-- running clock's says also whether it was warned and whether something follows when it runs out: what a list asks for.

ALTER TABLE sla.clocks ADD COLUMN stage text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN state <> 'running' THEN state
         WHEN effect IS NULL THEN CASE WHEN warned_at IS NULL THEN 'running' ELSE 'warned' END
         ELSE CASE WHEN warned_at IS NULL THEN 'waiting' ELSE 'waiting_warned' END
    END) STORED;
CREATE INDEX clocks_by_stage ON sla.clocks (tenant, stage, due_at, dossier, id);
CREATE INDEX clocks_by_agency ON sla.clocks (tenant, agency, stage, due_at, dossier, id) WHERE agency IS NOT NULL;
