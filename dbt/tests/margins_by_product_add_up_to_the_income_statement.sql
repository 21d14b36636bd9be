select company_id, month, line, sum(statement) as statement, sum(margins) as margins
from (
    select company_id, month, line, amount as statement, 0 as margins
    from {{ source('tieout_marts', 'income_statement') }}
    where line in ('total_operating_income', 'cost_of_goods')
    union all by name
    select company_id, month, 'total_operating_income' as line, 0 as statement, revenue as margins
    from {{ source('tieout_marts', 'revenue_by_product') }}
    union all by name
    select company_id, month, 'cost_of_goods' as line, 0 as statement, cost_of_goods as margins
    from {{ source('tieout_marts', 'revenue_by_product') }}
)
group by company_id, month, line
having sum(statement) <> sum(margins)
