"""What tests and demos ask beside the vendor's API: truth, clock, faults, switches. Off unless asked for."""
