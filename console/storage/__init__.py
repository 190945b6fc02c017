"""Tables and the unit of work: columns, constraints, pragmas; no rules."""
