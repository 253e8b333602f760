"""What a complaint must look like, whichever door it comes through: HTTP, AMQP, a file of rows."""
