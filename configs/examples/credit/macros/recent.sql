{# An aggregate over a customer's newest months only; recency 1 is the newest. #}
{% macro recent(aggregate, value, months) -%}
{{ aggregate }}(CASE WHEN recency <= {{ months }} THEN {{ value }} END)
{%- endmacro %}

{# A value in the newest month less that of the month where a window of so many begins; missing before there are as many. #}
{% macro change_since(value, months) -%}
MAX(CASE WHEN recency = 1 THEN {{ value }} END) - MAX(CASE WHEN recency = {{ months }} THEN {{ value }} END)
{%- endmacro %}
