-- The layouts there are, the Act's first.
select layout_id, layout from core.report_layouts order by layout_id <> 'norwegian', lower(layout), layout_id
