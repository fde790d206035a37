import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where Debian's package puts them (`apt-get install prometheus`). */
const PROMETHEUS = '/usr/bin/prometheus';
export const PROMTOOL = '/usr/bin/promtool';

/** Whether Prometheus is on this machine; says so aloud where it is not, since then what needs it is not tested. */
export function hasPrometheus(): boolean {
  const here = existsSync(PROMETHEUS) && existsSync(PROMTOOL);
  if (!here) console.warn('NOT TESTED: no Prometheus on this machine (Debian: apt-get install prometheus)');
  return here;
}

/** One series of a query's result: its labels, and its values by time. */
export interface ResultSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** A Prometheus of its own that takes remote write, with what a test wants of it. */
export interface PrometheusServer {
  readonly url: string;
  /** Result of a range query; throws with what Prometheus says where the query is wrong. */
  readonly range: (query: string, startS: number, endS: number, stepS: number) => Promise<readonly ResultSeries[]>;
  /** Number of series of a query at an instant. */
  readonly at: (query: string, timeS: number) => Promise<readonly ResultSeries[]>;
  readonly close: () => Promise<void>;
}

/** A port that was free a moment ago: Prometheus does not tell which one it took. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts Prometheus with a configuration and further files beside it. */
export async function startPrometheus(
  config: string,
  files: Readonly<Record<string, string>> = {},
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-prometheus-'));
  for (const [name, text] of Object.entries({ ...files, 'prometheus.yml': config })) {
    writeFileSync(join(folder, name), text);
  }
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    PROMETHEUS,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${url.replace('http://', '')}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
    ],
    { cwd: folder },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = async (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${said}`);
    await delay(50);
  }
  const ask = async (path: string, parameters: Record<string, string>): Promise<readonly ResultSeries[]> => {
    const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
    const answer = (await response.json()) as {
      error?: string;
      data?: { result: readonly (ResultSeries & { readonly value?: readonly [number, string] })[] };
    };
    if (answer.data === undefined) throw new Error(`${parameters['query']}: ${answer.error}`);
    return answer.data.result.map(({ metric, values, value }) => ({ metric, values: values ?? [value!] }));
  };
  return {
    url,
    range: (query, startS, endS, stepS) =>
      ask('query_range', { query, start: String(startS), end: String(endS), step: String(stepS) }),
    at: (query, timeS) => ask('query', { query, time: String(timeS) }),
    close: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
