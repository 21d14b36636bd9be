-- Every voucher but the opening balance sums to zero.
select * from {{ source('tieout_core', 'vouchers') }} where difference <> 0 and voucher_no <> 0
