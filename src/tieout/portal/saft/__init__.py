"""SAF-T files of a company's books, written and checked on a page, and the codes that its accounts go to."""
