-- Whether the models are there: nothing before the first sync published them.
select 1
from duckdb_views()
where schema_name = 'core' and view_name = 'postings' and database_name = current_database()
