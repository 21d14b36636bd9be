-- Locations, one row for each company and location.
select *, concat_ws(' ', location_code, location_name) as location
from staging.locations
