"""The pages of who works on complaints."""
