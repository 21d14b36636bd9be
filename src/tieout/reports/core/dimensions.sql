-- The values of a company's own dimensions, with the company's own names for them.
--
-- dimension_number: 1, 2 or 3: the dim1_, dim2_, dim3_ columns of postings
-- dimension: what the company calls the dimension
-- dimension_value: code and name, for slicers
-- dimension_value_id: id at the source, as in dim1_id, dim2_id and dim3_id of postings
select
    v.company_id,
    v.dimension_number,
    coalesce(n.dimension, 'Dimension ' || v.dimension_number) as dimension,
    v.dimension_value_id,
    v.value_code,
    v.value_name,
    concat_ws(' ', v.value_code, v.value_name) as dimension_value,
    v.is_active
from staging.dimension_values as v
left join staging.dimension_names as n
    on n.company_id = v.company_id and n.dimension_number = v.dimension_number
