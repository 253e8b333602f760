"""What a process needs of its machine: settings, database, migrations, logs, figures, health. Knows no complaint."""
