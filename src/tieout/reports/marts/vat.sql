-- VAT by term and VAT code, as for the VAT return: basis and amount. Report sign: turnover, purchases, output and input VAT
-- are positive; what is to be paid is output less input.
-- A row leads to core.postings of the same company_id and vat_code in the term.
--
-- vat: code and name
-- term_first_day: first day of the term
-- term_last_day: last day of the term
-- standard_code: the code of the VAT return
-- direction: output (we owe), input (we deduct), both (reverse charge with deduction), reverse (reverse charge without
--   deduction), none (turnover without VAT)
-- basis: turnover or purchases before VAT; of a code with partial deduction the part that is cost is in it
-- output_vat: VAT that is owed
-- input_vat: VAT that is deducted
-- vat_payable: output less input VAT
-- postings: number of postings with the code
with terms as (
    select company_id, month, vat_term, vat_term_first_day, vat_term_last_day from core.periods
),
sums as (
    select company_id, month, vat_code, sum(amount) as amount, sum(vat_amount) as vat_amount, count(*) as postings
    from core.postings
    where vat_code is not null
    group by company_id, month, vat_code
),
coded as (
    select
        s.company_id,
        t.vat_term,
        t.vat_term_first_day as term_first_day,
        t.vat_term_last_day as term_last_day,
        s.vat_code,
        coalesce(v.vat, s.vat_code) as vat,
        coalesce(v.standard_code, s.vat_code) as standard_code,
        coalesce(v.direction, 'none') as direction,
        sum(s.amount) as amount,
        sum(s.vat_amount) as vat_amount,
        sum(s.postings) as postings
    from sums as s
    join terms as t on t.company_id = s.company_id and t.month = s.month
    left join core.vat_codes as v on v.company_id = s.company_id and v.vat_code = s.vat_code
    group by all
),
directed as (
    select
        *,
        if(direction in ('input', 'both', 'reverse') or standard_code in ('20', '21', '22', '85'), amount, -amount) as basis,
        case when direction in ('both', 'reverse') then vat_amount when direction = 'output' then -vat_amount else 0 end
            as output_vat,
        if(direction in ('input', 'both'), vat_amount, 0) as input_vat
    from coded
)
select
    d.company_id,
    c.company,
    d.vat_term,
    d.term_first_day,
    d.term_last_day,
    d.vat_code,
    d.vat,
    d.standard_code,
    d.direction,
    d.basis::decimal(18, 4) as basis,
    d.output_vat::decimal(18, 4) as output_vat,
    d.input_vat::decimal(18, 4) as input_vat,
    (d.output_vat - d.input_vat)::decimal(18, 4) as vat_payable,
    d.postings::bigint as postings,
    c.as_of,
    c.verdict
from directed as d
join core.companies as c on c.company_id = d.company_id
