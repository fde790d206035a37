/** `metric{tag:value,…}`: the name of a sub-metric in thresholds and in the summary (k6-contract.md section 5). */
export function selector(metric: string, tags: Readonly<Record<string, string>>): string {
  const list = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
  return list.length === 0 ? metric : `${metric}{${list.join(',')}}`;
}
