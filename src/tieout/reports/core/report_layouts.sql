-- The layouts of income statement and balance sheet: after the Norwegian Accounting Act, and those of the workspace's own.
--
-- layout_id: norwegian, or the id of an own layout
-- layout: its name
select 'norwegian' as layout_id, 'Norwegian Accounting Act' as layout
union all
select layout_id, layout from tieout.report_layouts
