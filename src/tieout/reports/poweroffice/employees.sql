-- The employees: numbers and names alone, nothing else of a person is ever read. Raw row: employees by employee_id.
select
    _source_id as company_id,
    id as employee_id,
    number as employee_no,
    concat_ws(' ', first_name, last_name) as employee_name
from raw_poweroffice.employees
