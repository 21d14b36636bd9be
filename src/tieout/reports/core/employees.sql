-- Employees, one row for each company and employee.
select *, concat_ws(' ', employee_no, employee_name) as employee
from staging.employees
