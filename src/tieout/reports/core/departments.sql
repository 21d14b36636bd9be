-- Departments, one row for each company and department.
select *, concat_ws(' ', department_code, department_name) as department
from staging.departments
