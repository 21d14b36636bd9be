-- Values of all dimensions, also those that have left the register: A department, P project, L location, D1 to D3.
with posted as (
    unpivot (
        select department_code as A, project_code as P, location_code as L, dim1_code as D1, dim2_code as D2, dim3_code as D3
        from core.postings where company_id = $company
    ) on A, P, L, D1, D2, D3 into name kind value code
),
told as (
    select 'A' as kind, department_code as code, department_name as name, null::date as first_day, null::date as last_day
    from core.departments where company_id = $company
    union all
    select 'P', project_code, project_name, start_date, end_date from core.projects where company_id = $company
    union all
    select 'L', location_code, location_name, null, null from core.locations where company_id = $company
    union all
    select 'D' || dimension_number, value_code, value_name, null, null from core.dimensions where company_id = $company
),
kinds as (
    select 'D' || dimension_number as kind, any_value(dimension) as title
    from core.dimensions where company_id = $company group by all
),
every as (
    select kind, code from posted union select kind, code from told where code is not null
)
select
    e.kind,
    coalesce(any_value(k.title), case e.kind when 'A' then 'Avdeling' when 'P' then 'Prosjekt' when 'L' then 'Lokasjon' else e.kind end) as title,
    e.code,
    coalesce(any_value(nullif(t.name, '')), e.code) as name,
    min(t.first_day) as first_day,
    max(t.last_day) as last_day
from every as e
left join told as t on t.kind = e.kind and t.code = e.code
left join kinds as k on k.kind = e.kind
group by e.kind, e.code
order by e.kind, e.code
