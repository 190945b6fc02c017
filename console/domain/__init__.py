"""Pure rules: values in, values out; no Flask, no SQLAlchemy, no clock, no I/O."""
