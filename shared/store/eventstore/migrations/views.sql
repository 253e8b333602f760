-- No views; run at every migrate.
SELECT eventstore.adopt_restored();
