import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A rule of the JMX exporter's configuration, as far as ours uses it. */
export interface JmxRule {
  readonly pattern: string;
  readonly name: string;
  readonly type: 'COUNTER' | 'GAUGE';
  readonly valueFactor?: number;
  readonly labels?: Readonly<Record<string, string | number>>;
}

export const JMX_CONFIG = new URL('../../deploy/pingfederate/jmx-exporter.yml', import.meta.url);

/** The rules of deploy/pingfederate/jmx-exporter.yml. */
export const jmxRules = (): readonly JmxRule[] =>
  (parse(readFileSync(JMX_CONFIG, 'utf8')) as { readonly rules: readonly JmxRule[] }).rules;

/**
 * Attributes of MBeans that a PingFederate has, in the form that the exporter's rules see: `domain<properties><>attribute`. Named by
 * Ping ("Runtime monitoring using JMX": the transactions, connectorstatistics, statisticshandler) and by Jetty (its thread pool).
 * No PingFederate was asked: the values are made up.
 */
export const MBEANS: readonly (readonly [attribute: string, valueAt: (scrape: number) => number])[] = [
  ['pingfederate<type=TOTAL_TRANSACTIONS><>Count', (scrape) => 1000 + 20 * scrape],
  ['pingfederate<type=TOTAL_FAILED_TRANSACTIONS><>Count', (scrape) => scrape],
  ['org.eclipse.jetty.server<type=connectorstatistics, id=0><>connectionsOpen', () => 40],
  ['org.eclipse.jetty.server<type=connectorstatistics, id=0><>connectionsOpenMax', () => 60],
  ['org.eclipse.jetty.server.handler<type=statisticshandler, id=0><>requests', (scrape) => 100 * scrape],
  ['org.eclipse.jetty.server.handler<type=statisticshandler, id=0><>requestsActive', () => 3],
  ['org.eclipse.jetty.server.handler<type=statisticshandler, id=0><>requestsActiveMax', () => 9],
  ['org.eclipse.jetty.server.handler<type=statisticshandler, id=0><>requestTimeTotal', (scrape) => 4_000 * scrape],
  ['org.eclipse.jetty.server.handler<type=statisticshandler, id=0><>responses2xx', (scrape) => 90 * scrape],
  ['org.eclipse.jetty.server.handler<type=statisticshandler, id=0><>responses4xx', (scrape) => 10 * scrape],
  ['org.eclipse.jetty.util.thread<type=queuedthreadpool, id=0><>threads', () => 50],
  ['org.eclipse.jetty.util.thread<type=queuedthreadpool, id=0><>idleThreads', () => 12],
  ['org.eclipse.jetty.util.thread<type=queuedthreadpool, id=0><>queueSize', () => 2],
];

/** What the exporter adds of the JVM by itself (client_java 1.x, "JVM Metrics"). */
const JVM = (scrape: number): string => `
jvm_memory_used_bytes{area="heap"} 1.2e9
jvm_memory_used_bytes{area="nonheap"} 2e8
jvm_memory_max_bytes{area="heap"} 4e9
jvm_gc_collection_seconds_sum{gc="G1 Young Generation"} ${0.01 * scrape}
jvm_gc_collection_seconds_count{gc="G1 Young Generation"} ${scrape}
jvm_threads_current 210
process_cpu_seconds_total ${2 * scrape}
process_open_fds 512
`;

/** What the exporter answers at a scrape, by the rules of our configuration. */
export function jmxExposition(scrape: number): string {
  const rules = jmxRules();
  const lines = MBEANS.flatMap(([attribute, valueAt]) => {
    const line = `${attribute}: ${valueAt(scrape)}`;
    for (const { pattern, name, valueFactor = 1, labels = {} } of rules) {
      const match = new RegExp(pattern).exec(line);
      if (match === null) continue;
      const filled = Object.entries(labels).map(
        ([label, value]) =>
          `${label}="${String(value).replace(/\$(\d)/g, (_, group: string) => match[Number(group)]!)}"`,
      );
      return [`${name}${filled.length === 0 ? '' : `{${filled.join(',')}}`} ${valueAt(scrape) * valueFactor}`];
    }
    return [];
  });
  return `${lines.join('\n')}\n${JVM(scrape)}`;
}
