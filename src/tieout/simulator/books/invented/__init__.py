"""An invented company: what kind it is, how it is founded, its clock and its journal."""
