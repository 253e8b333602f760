"""What people are told, in Indonesian and in English: one sentence for every code that an error may carry."""
