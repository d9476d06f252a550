{# An aggregate over a customer's newest statements only; recency 1 is the newest. #}
{% macro recent(aggregate, value, months) -%}
{{ aggregate }}(CASE WHEN recency <= {{ months }} THEN {{ value }} END)
{%- endmacro %}

{# Of a customer's newest statements, how many meet a condition. #}
{% macro count_recent(condition, months) -%}
CAST(SUM(CASE WHEN recency <= {{ months }} AND {{ condition }} THEN 1 ELSE 0 END) AS INT)
{%- endmacro %}

{# A ratio that is missing where there is nothing to divide by, and cut where it says no more. #}
{% macro capped_ratio(amount, base, cap) -%}
LEAST({{ amount }} / CASE WHEN {{ base }} > 0 THEN {{ base }} END, {{ cap }})
{%- endmacro %}
