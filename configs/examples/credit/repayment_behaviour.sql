-- One row per customer with at least one statement known on the partition date. Both relations hold what was
-- known then and nothing later, so "newest" below means newest on that date.
WITH statements AS (
  SELECT
    s.customer_id,
    c.limit_balance,
    s.bill_amount,
    s.payment_amount,
    s.repayment_status,
    LEAD(s.bill_amount) OVER (PARTITION BY s.customer_id ORDER BY s.statement_month DESC) AS bill_before,
    ROW_NUMBER() OVER (PARTITION BY s.customer_id ORDER BY s.statement_month DESC) AS recency
  FROM {{ sources.statements }} AS s
  JOIN {{ sources.customers }} AS c ON c.customer_id = s.customer_id
)
SELECT
  customer_id,
  MAX(limit_balance) AS limit_balance,
  -- How much of the limit is used.
{%- for months in [1, 3, 6] %}
  {{ recent('AVG', 'bill_amount / limit_balance', months) }} AS utilisation_{{ months }}m,
{%- endfor %}
  {{ recent('MAX', 'bill_amount / limit_balance', 6) }} AS utilisation_peak_6m,
  MAX(CASE WHEN recency = 1 THEN bill_amount / limit_balance END)
    - MAX(CASE WHEN recency = 3 THEN bill_amount / limit_balance END) AS utilisation_trend_3m,
  -- How much of what was owed is paid: a month's payment is for the bill of the month before.
{%- for months in [1, 3, 6] %}
  {{ capped_ratio(
       recent('SUM', 'CASE WHEN bill_before > 0 THEN payment_amount END', months),
       recent('SUM', 'CASE WHEN bill_before > 0 THEN bill_before END', months),
       params.ratio_cap) }} AS payment_ratio_{{ months }}m,
{%- endfor %}
  {{ recent('AVG', 'payment_amount', 6) }} AS payment_mean_6m,
  {{ count_recent('payment_amount = 0 AND bill_before > 0', 6) }} AS months_without_payment_6m,
  -- How late the payments are.
  CAST(MAX(CASE WHEN recency = 1 THEN repayment_status END) AS INT) AS repayment_status_latest,
{%- for months in [3, 6] %}
  CAST({{ recent('MAX', 'repayment_status', months) }} AS INT) AS repayment_status_worst_{{ months }}m,
{%- endfor %}
  {{ count_recent('repayment_status >= 1', 6) }} AS months_in_arrears_6m,
  {{ count_recent('repayment_status >= ' ~ params.serious_delay, 6) }} AS months_in_serious_arrears_6m,
  CAST(MAX(CASE WHEN recency = 1 THEN repayment_status END)
    - MAX(CASE WHEN recency = 3 THEN repayment_status END) AS INT) AS repayment_status_trend_3m
FROM statements
WHERE recency <= 6
GROUP BY customer_id
