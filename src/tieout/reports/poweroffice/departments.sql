-- The departments. Raw row: departments by department_id.
select
    _source_id as company_id,
    id as department_id,
    code as department_code,
    name as department_name,
    manager_employee_no,
    coalesce(is_active, true) as is_active
from raw_poweroffice.departments
