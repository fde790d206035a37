import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Inventory } from '../contract/inventory.ts';
import { createDeployment, sweep } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { resolveSettings } from './settings.ts';
import type { SimulatorSettings } from './settings.ts';
import { createWebServer } from './web-server.ts';

export type SimulatorStart = Partial<SimulatorSettings> & {
  readonly inventory: Inventory;
  /** Clock in milliseconds since 1970, for tests that control time; `Date.now` by default. */
  readonly now?: () => number;
};

export interface RunningSimulator {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and closes open connections. */
  close(): Promise<void>;
  /** Fastify's `inject`, for requests without a socket. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
}

/** Interval of removing expired flows and codes, in milliseconds of think time. They expire on time regardless. */
const SWEEP_MS = 5_000;
/** Lower bound of that interval, in real milliseconds. */
const MIN_SWEEP_MS = 100;

/**
 * Starts PingFederate, PingOne MFA and the phone side over HTTP (docs/simulator.md). Rejects with a one-line message:
 * SimulatorSettingsError for invalid settings, Error for an inventory with duplicates or an address that cannot be
 * listened on.
 */
export async function startSimulator(start: SimulatorStart): Promise<RunningSimulator> {
  const { inventory, now = Date.now, ...given } = start;
  const settings = resolveSettings(given);
  const deployment = await createDeployment(settings, inventory, now);
  const app = await createWebServer(deployment);
  const port = await listen(app, settings);
  const url = `${settings.tls ? 'https' : 'http'}://${urlHost(settings.host)}:${port}`;
  if (deployment.baseUrl === '') deployment.baseUrl = url;
  const sweeper = startSweeping(deployment);
  return {
    url,
    port,
    close: async () => {
      clearInterval(sweeper);
      deployment.faults.removeAll();
      await app.close();
    },
    inject: (request) => app.inject(request),
  };
}

function startSweeping(deployment: Deployment): NodeJS.Timeout {
  const everyMs = Math.max(MIN_SWEEP_MS, SWEEP_MS * deployment.settings.timeScale);
  return setInterval(() => sweep(deployment), everyMs).unref();
}

async function listen(app: FastifyInstance, { host, port }: SimulatorSettings): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new Error(explain(error, host, port), { cause: error });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use; stop the process that listens there, or choose another port (0: a free one)`;
    case 'EACCES':
      return `port ${port} on ${host} requires more privileges; choose a port above 1023`;
    default:
      return `the simulator cannot listen on ${host}:${port} (${code ?? String(error)})`;
  }
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
