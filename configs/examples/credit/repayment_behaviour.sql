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
),
-- A month's payment is for the bill of the month before; there is none before the first statement.
months AS (
  SELECT
    customer_id,
    limit_balance,
    bill_amount / limit_balance AS utilisation,
    payment_amount,
    CASE WHEN bill_before > 0 THEN bill_before END AS owed,
    CASE WHEN bill_before > 0 THEN payment_amount END AS repaid,
    repayment_status,
    recency
  FROM statements
  WHERE recency <= 6
)
SELECT
  customer_id,
  MAX(limit_balance) AS limit_balance,
{%- for n in [1, 3, 6] %}
  {{ recent('AVG', 'utilisation', n) }} AS utilisation_{{ n }}m,
{%- endfor %}
  MAX(utilisation) AS utilisation_peak_6m,
  {{ change_since('utilisation', 3) }} AS utilisation_trend_3m,
{%- for n in [1, 3, 6] %}
  LEAST({{ recent('SUM', 'repaid', n) }} / {{ recent('SUM', 'owed', n) }}, {{ params.ratio_cap }}) AS payment_ratio_{{ n }}m,
{%- endfor %}
  AVG(payment_amount) AS payment_mean_6m,
  CAST(SUM(CASE WHEN owed > 0 AND payment_amount = 0 THEN 1 ELSE 0 END) AS INT) AS months_without_payment_6m,
  {{ recent('MAX', 'repayment_status', 1) }} AS repayment_status_latest,
  {{ recent('MAX', 'repayment_status', 3) }} AS repayment_status_worst_3m,
  MAX(repayment_status) AS repayment_status_worst_6m,
  CAST(SUM(CASE WHEN repayment_status >= 1 THEN 1 ELSE 0 END) AS INT) AS months_in_arrears_6m,
  CAST(SUM(CASE WHEN repayment_status >= {{ params.serious_delay }} THEN 1 ELSE 0 END) AS INT) AS months_in_serious_arrears_6m,
  {{ change_since('repayment_status', 3) }} AS repayment_status_trend_3m
FROM months
GROUP BY customer_id
