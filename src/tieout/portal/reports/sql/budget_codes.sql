-- The codes of departments and projects that a budget may name.
select 'department' as kind, department_code as code from core.departments where list_contains($companies, company_id)
union
select 'project', project_code from core.projects where list_contains($companies, company_id)
