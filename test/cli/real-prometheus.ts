import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = '/usr/bin/prometheus';

/** Its tool, of the same package: checks configurations and rules. */
export const PROMTOOL = '/usr/bin/promtool';

/** Whether this machine has a Prometheus to test with; says so where it has not. */
export function hasPrometheus(): boolean {
  const there = existsSync(PROGRAM) && existsSync(PROMTOOL);
  if (!there) console.warn(`NOT TESTED: ${PROGRAM} is not installed (Debian: apt install prometheus)`);
  return there;
}

/** A port that is free now: Prometheus cannot be asked to take any. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** One series of an answer, with its value at the asked time. */
export interface Sampled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One series of an answer, with its values over time. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** A series as the API has it: one value of an instant, several of a range. */
interface Answered {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [seconds: number, value: string];
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

/** A Prometheus that scrapes and receives. Queries throw what it says of a wrong one. */
export interface RealPrometheus {
  /** The series of an expression at a time, Unix seconds. */
  readonly at: (expression: string, timeS: number) => Promise<readonly Series[]>;
  /** The same at each step of a time range. */
  readonly range: (expression: string, startS: number, endS: number, stepS: number) => Promise<readonly Series[]>;
  readonly query: (expression: string) => Promise<readonly Sampled[]>;
  readonly stop: () => Promise<void>;
}

/** Starts one with a data folder of its own; it scrapes the given targets (`host:port`) every half second. */
export function startPrometheus(port: number, targets: readonly string[]): Promise<RealPrometheus> {
  const job = { job_name: 'pairstorm', scrape_interval: '500ms', static_configs: [{ targets }] };
  return startPrometheusWith(port, { scrape_configs: targets.length === 0 ? [] : [job] });
}

/** Starts one with a configuration, and with files beside it that the configuration names. */
export async function startPrometheusWith(
  port: number,
  configuration: unknown,
  files: Readonly<Record<string, string>> = {},
): Promise<RealPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  // JSON is YAML too.
  writeFileSync(config, JSON.stringify(configuration));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const base = `http://127.0.0.1:${port}`;
  for (;;) {
    const ready = await fetch(`${base}/-/ready`).catch(() => undefined);
    if (ready?.ok === true) break;
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const ask = async (path: string, parameters: Record<string, string>): Promise<readonly Answered[]> => {
    const answer = await fetch(`${base}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
    const { data, error } = (await answer.json()) as {
      readonly error?: string;
      readonly data?: { readonly result: readonly Answered[] };
    };
    if (data === undefined) throw new Error(`${parameters['query'] ?? ''}: ${error ?? ''}`);
    return data.result;
  };
  return {
    async at(expression, timeS) {
      const answered = await ask('query', { query: expression, time: String(timeS) });
      return answered.map(({ metric, value }) => ({ metric, values: [value!] }));
    },
    async range(expression, startS, endS, stepS) {
      const when = { start: String(startS), end: String(endS), step: String(stepS) };
      const answered = await ask('query_range', { query: expression, ...when });
      return answered.map(({ metric, values }) => ({ metric, values: values! }));
    },
    async query(expression) {
      const answered = await ask('query', { query: expression });
      return answered.map(({ metric, value }) => ({ labels: metric, value: Number(value![1]) }));
    },
    async stop() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
