-- How many lines each month of a fiscal year has, by its place in the year.
select period, count(*) as lines
from core.postings
where company_id = $company and fiscal_year = $year
group by period
order by period
