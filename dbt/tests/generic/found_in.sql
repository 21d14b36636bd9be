{# As dbt's `relationships`, by several columns: rows whose key is nowhere in `to`. A row without the key has no relation. #}
{% test found_in(model, columns, to) %}
select {{ columns | join(', ') }} from {{ model }}
where {{ columns | join(' is not null and ') }} is not null
except
select {{ columns | join(', ') }} from {{ to }}
{% endtest %}
