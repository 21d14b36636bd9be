"""Groups of companies, and who is responsible for which: how an accounting firm keeps hundreds of companies in order."""
