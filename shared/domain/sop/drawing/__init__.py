"""An SOP as a table, a flow chart and a drawing."""
