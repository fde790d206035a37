import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = '/usr/bin/prometheus';

/** Whether this machine has a Prometheus to test with; says so where it has not. */
export function hasPrometheus(): boolean {
  const there = existsSync(PROGRAM);
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

/** A Prometheus that scrapes and receives. */
export interface RealPrometheus {
  readonly query: (expression: string) => Promise<readonly Sampled[]>;
  readonly stop: () => Promise<void>;
}

/** Starts one with a data folder of its own; it scrapes the given targets (`host:port`) every half second. */
export async function startPrometheus(port: number, targets: readonly string[]): Promise<RealPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const job = { job_name: 'pairstorm', scrape_interval: '500ms', static_configs: [{ targets }] };
  // JSON is YAML too.
  writeFileSync(config, JSON.stringify({ scrape_configs: targets.length === 0 ? [] : [job] }));
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
  return {
    async query(expression) {
      const answer = await fetch(`${base}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`);
      const { data, error } = (await answer.json()) as {
        readonly error?: string;
        readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
      };
      if (data === undefined) throw new Error(`${expression}: ${error ?? ''}`);
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async stop() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
