"""What everything stands on: errors, who calls, time, chance."""
