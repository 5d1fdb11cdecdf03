# Filled in by the first program.
