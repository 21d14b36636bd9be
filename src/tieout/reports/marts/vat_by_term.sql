-- VAT of each term by its codes, held against what moved on the VAT accounts (2700-2739, VAT returns' own vouchers left
-- out). A difference is VAT that was posted by hand or a code that books otherwise. Report sign: what is to be paid is
-- positive.
--
-- term_first_day: first day of the term
-- term_last_day: last day of the term
-- output_vat: VAT that is owed, by the codes
-- input_vat: VAT that is deducted, by the codes
-- vat_payable: output less input VAT, by the codes
-- moved_on_accounts: what the VAT accounts moved, positive where it is owed
-- difference: payable by the codes less what the accounts moved
-- is_returned: a VAT return was posted for the term
-- postings: number of postings with a VAT code
with vat_accounts as (
    select company_id, account_no
    from core.accounts
    where left(account_no::varchar, 3) in ('270', '271', '272', '273')
),
monthly as (
    select
        p.company_id,
        p.month,
        sum(p.amount) filter (p.voucher_type <> 'vat_returns') as moved,
        bool_or(p.voucher_type = 'vat_returns') as is_returned
    from core.postings as p
    join vat_accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
    where p.voucher_no <> 0
    group by p.company_id, p.month
),
moved as (
    select m.company_id, t.vat_term, -sum(m.moved) as moved, bool_or(m.is_returned) as is_returned
    from monthly as m
    join core.periods as t on t.company_id = m.company_id and t.month = m.month
    group by m.company_id, t.vat_term
),
coded as (
    select
        company_id,
        vat_term,
        sum(output_vat) as output_vat,
        sum(input_vat) as input_vat,
        sum(vat_payable) as vat_payable,
        sum(postings) as postings
    from marts.vat
    group by all
),
terms as (
    select
        company_id,
        vat_term,
        min(vat_term_first_day) as term_first_day,
        max(vat_term_last_day) as term_last_day
    from core.periods
    group by all
)
select
    t.company_id,
    c.company,
    t.vat_term,
    t.term_first_day,
    t.term_last_day,
    coalesce(v.output_vat, 0)::decimal(18, 4) as output_vat,
    coalesce(v.input_vat, 0)::decimal(18, 4) as input_vat,
    coalesce(v.vat_payable, 0)::decimal(18, 4) as vat_payable,
    coalesce(m.moved, 0)::decimal(18, 4) as moved_on_accounts,
    (coalesce(v.vat_payable, 0) - coalesce(m.moved, 0))::decimal(18, 4) as difference,
    coalesce(m.is_returned, false) as is_returned,
    coalesce(v.postings, 0)::bigint as postings,
    c.as_of,
    c.verdict
from terms as t
join core.companies as c on c.company_id = t.company_id
left join coded as v on v.company_id = t.company_id and v.vat_term = t.vat_term
left join moved as m on m.company_id = t.company_id and m.vat_term = t.vat_term
where v.company_id is not null or m.company_id is not null
