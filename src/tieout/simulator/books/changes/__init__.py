"""What is changed after it was booked or registered."""
