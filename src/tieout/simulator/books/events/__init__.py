"""What happens in a company from day to day, a module a subject. Each has `plan(company, day)`."""
