-- Personal data that a data source hides: apart from the tables that pages, models, feeds, SQL and copies read.
create schema hidden;
create table hidden.fields (_source_id varchar, stream varchar, key varchar, "column" varchar, value varchar);
-- Contacts whose personal data was erased some time after the source had removed them, so that no row brings it back.
create table tieout.erased_contacts (source_id varchar, stream varchar, key varchar, is_person boolean, erased_at timestamp with time zone);
