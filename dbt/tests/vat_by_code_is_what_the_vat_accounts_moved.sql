{{ config(severity='warn') }} -- books may hold VAT that was posted by hand, without a code
select * from {{ source('tieout_marts', 'vat_by_term') }} where difference <> 0
