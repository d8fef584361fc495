/** ksqlDB's aggregate functions that this server lacks. */
export const missingAggregates: ReadonlySet<string> = new Set([
  'COUNT_DISTINCT',
  'CORRELATION',
  'HISTOGRAM',
  'STDDEV_SAMP',
  'STDDEV_SAMPLE',
  'SUM_LIST',
  'TOPK',
  'TOPKDISTINCT',
  'ATTR',
]);
