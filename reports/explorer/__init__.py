"""The charts in the browser: a Dash application over arrays that are read from the store once."""
