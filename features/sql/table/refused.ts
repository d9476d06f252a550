/** Functions whose result depends on when, where or how often they run. A partition must be repeatable. */
export const NOT_REPEATABLE: ReadonlySet<string> = new Set(
  (
    'age current_catalog current_database current_date current_localtimestamp current_query current_role current_schema ' +
    'current_setting current_time current_timestamp current_timezone current_user curdate currval gen_random_uuid getdate ' +
    'getenv getvariable get_current_time get_current_timestamp input_file_block_length input_file_block_start input_file_name ' +
    'java_method localtime localtimestamp monotonically_increasing_id nextval now rand randn random randstr reflect session_user ' +
    'shuffle spark_partition_id sysdate systimestamp today transaction_timestamp try_reflect txid_current uniform user uuid uuidv4 ' +
    'uuidv7 version write_log'
  ).split(' '),
);

/** Functions of Spark that are not proven, with what to write instead. */
export const REFUSED: Readonly<Record<string, string>> = {
  any_value: 'it takes a row by chance; use min, max or max_by',
  approx_count_distinct: 'use count(DISTINCT …)',
  approx_percentile: 'use percentile(…)',
  approx_top_k: 'count and order in a subquery',
  assert_true: 'a query may not fail on purpose; use checks of the feature set',
  arbitrary: 'it takes a row by chance; use min, max or max_by',
  count_min_sketch: 'use count(DISTINCT …)',
  first: 'it takes a row by chance; use min_by, or first_value over a window with ORDER BY',
  first_value: 'outside a window it takes a row by chance; use min_by, or OVER (… ORDER BY …)',
  hash: 'use a column of the source',
  last: 'it takes a row by chance; use max_by, or last_value over a window with ORDER BY',
  last_value: 'outside a window it takes a row by chance; use max_by, or OVER (… ORDER BY …)',
  bit_get: 'use shiftright(x, n) & 1',
  conv: 'convert such numbers in the source',
  getbit: 'use shiftright(x, n) & 1',
  percentile_approx: 'use percentile(…)',
  raise_error: 'a query may not fail on purpose; use checks of the feature set',
  xxhash64: 'use a column of the source',
};
