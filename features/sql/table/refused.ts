import { REFUSED_TEXTS } from './texts/refused.ts';

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

/** Aggregates that take one of several rows by chance; over a window with an order they do not. */
export const BY_CHANCE: ReadonlySet<string> = new Set(
  'any_value arbitrary first first_value last last_value'.split(' '),
);

/** Functions of Spark that are not proven, with what to write instead. */
export const REFUSED: Readonly<Record<string, string>> = {
  ...REFUSED_TEXTS,
  approx_count_distinct: 'use count(DISTINCT …)',
  approx_percentile: 'use percentile(…)',
  approx_top_k: 'count and order in a subquery',
  assert_true: 'a query may not fail on purpose; use checks of the feature set',
  count_min_sketch: 'use count(DISTINCT …)',
  hash: 'use a column of the source',
  arrays_zip: 'use transform(a, (x, i) -> named_struct(…, x, …, b[i]))',
  bit_get: 'use shiftright(x, n) & 1',
  conv: 'convert such numbers in the source',
  getbit: 'use shiftright(x, n) & 1',
  listagg: 'use array_join(sort_array(collect_list(…)), …)',
  make_interval: 'use make_ym_interval, make_dt_interval, add_months or timestampadd',
  mode: 'several values may be the most frequent; count and order in a subquery',
  percentile_approx: 'use percentile(…)',
  raise_error: 'a query may not fail on purpose; use checks of the feature set',
  session_window: 'find the gaps with lag(…) OVER (…) and timestampdiff(…)',
  str_to_map: 'use map_from_entries(transform(split(…), x -> struct(…, …)))',
  string_agg: 'use array_join(sort_array(collect_list(…)), …)',
  try_make_interval: 'use make_ym_interval, make_dt_interval, add_months or timestampadd',
  window: 'group by date_trunc(…), or by unix_timestamp(…) DIV the seconds of a window',
  window_time: 'group by date_trunc(…), or by unix_timestamp(…) DIV the seconds of a window',
  xxhash64: 'use a column of the source',
};
