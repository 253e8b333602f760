"""Documents that the system makes: nota dinas, disposition sheet, letter of answer, receipt."""
