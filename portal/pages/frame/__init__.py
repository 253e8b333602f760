"""What every page stands in: files, headers, language, cookies, forms, errors."""
