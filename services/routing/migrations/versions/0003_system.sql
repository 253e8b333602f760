-- What the services themselves have to do is asked for again and again while a simulated clock moves: there are few such
-- tasks among many.
CREATE INDEX inbox_of_system ON routing.inbox (dossier) WHERE actor = 'system';
