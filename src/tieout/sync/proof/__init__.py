"""The parts of a tie-out: its checks, where a difference lies, what it comes to by voucher, and how it is mended."""
