"""Never ends starting up."""
