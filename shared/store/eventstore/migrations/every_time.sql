-- After a dump was restored: whether it was cannot be seen from the steps that were taken.
SELECT eventstore.adopt_restored();
