"""What a complaint, an SOP and a working day are: files are read, nothing else is touched."""
