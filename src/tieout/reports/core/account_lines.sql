-- On which line each account stands in each layout: every account once a statement, or on the line unmapped. The type of an
-- account decides its statement; result accounts stand on the balance sheet too, as results not appropriated yet.
--
-- layout_id: norwegian, or the id of an own layout
-- layout: its name
-- line: the line's name in code; unmapped where no line takes the account
-- is_mapped: a line takes it
with sides as (
    select company_id, account_no, account, account_no as looked_up, is_result_account, 'income_statement' as statement, line
    from core.accounts
    where is_result_account
    union all
    select company_id, account_no, account, if(is_result_account, 0, account_no) as looked_up, is_result_account,
        'balance_sheet' as statement, if(is_result_account, 'unappropriated_result', line) as line
    from core.accounts
),
placed as (
    select y.layout_id, y.layout, s.* replace (coalesce(r.line, if(y.layout_id = 'norwegian', s.line, 'unmapped')) as line)
    from sides as s
    cross join core.report_layouts as y
    left join core.own_line_ranges as r
        on r.layout_id = y.layout_id
        and r.statement = s.statement
        and s.looked_up between r.first_account and r.last_account
)
select
    p.company_id,
    p.layout_id,
    p.layout,
    p.statement,
    p.account_no,
    p.account,
    l.position,
    p.line,
    l.line_name,
    l.line_name_nb,
    l.sign,
    p.line <> 'unmapped' as is_mapped
from placed as p
join core.report_lines as l on l.layout_id = p.layout_id and l.statement = p.statement and l.line = p.line
