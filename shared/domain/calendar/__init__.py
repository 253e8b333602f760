"""Working time: calendars, holidays by decree, due times, and how each of them comes about."""
