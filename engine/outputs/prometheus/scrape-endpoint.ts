import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from '../../../contract/configuration-error.ts';
import { Exposition } from './exposition.ts';
import { Guard } from '../guarded.ts';
import type { ScrapeTarget } from './scrape-target.ts';
import type { ShownRun } from './shown-series.ts';

const PATH = '/metrics';
const NOTHING: ShownRun = { families: new Map() };

/** An HTTP server for Prometheus to scrape a run. */
export class ScrapeEndpoint {
  /** The URL to scrape. */
  readonly url: string;
  readonly #server: Server;
  readonly #exposition = new Exposition();
  #run = NOTHING;
  #ended = false;
  readonly #guard: Guard;
  #scraped: () => void = () => undefined;
  readonly #lastScrape = new Promise<void>((resolve) => {
    this.#scraped = resolve;
  });

  private constructor(server: Server, url: string, warn: (line: string) => void) {
    this.#server = server;
    this.url = url;
    this.#guard = new Guard((reason) => warn(`${url}: a scrape failed: ${reason}`));
    // A connection that cannot be accepted (out of descriptors) is one lost scrape.
    server.on('error', () => undefined);
    server.on('request', (request, response) => {
      void this.#answer(request, response).catch((error: unknown) => {
        response.destroy();
        this.#guard.fail(error);
      });
    });
  }

  /** Starts listening; `warn` gets the first failed scrape. Throws a ConfigurationError if the port is unusable. */
  static async open({ host, port }: ScrapeTarget, warn: (line: string) => void): Promise<ScrapeEndpoint> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(host, port, error)));
      server.listen(port, host, resolve);
    });
    const name = host.includes(':') ? `[${host}]` : host;
    return new ScrapeEndpoint(server, `http://${name}:${(server.address() as AddressInfo).port}${PATH}`, warn);
  }

  /** Sets the run to expose. */
  show(run: ShownRun): void {
    this.#run = run;
  }

  /** The state is final: the next scrape is the last one needed. */
  end(): void {
    this.#ended = true;
  }

  /** Waits for a scrape after `end`; false if none came in time or `cut` was aborted. */
  async lastScrape(withinMs: number, cut: AbortSignal): Promise<boolean> {
    if (withinMs === 0 || cut.aborted) return false;
    let give = (): void => undefined;
    const gaveUp = new Promise<false>((resolve) => {
      give = () => resolve(false);
    });
    const timer = setTimeout(give, withinMs);
    cut.addEventListener('abort', give);
    const came = await Promise.race([this.#lastScrape.then(() => true), gaveUp]);
    clearTimeout(timer);
    cut.removeEventListener('abort', give);
    return came;
  }

  /** Stops listening. */
  async discard(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url?.split('?')[0] !== PATH || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`Pairstorm's metrics are at GET ${PATH}\n`);
      return;
    }
    const last = this.#ended;
    const text = await this.#exposition.text(this.#run);
    response.once('finish', () => {
      if (last && method === 'GET') this.#scraped();
    });
    response.writeHead(200, { 'content-type': this.#exposition.contentType }).end(text);
  }
}

/** Remedies for a port that cannot be opened. */
const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use; use another one, or 0 for a free one',
  EACCES: 'requires more privileges; use one above 1023',
  EADDRNOTAVAIL: 'is not an address of this machine; use PORT, or 0.0.0.0:PORT for all addresses',
  ENOTFOUND: 'cannot be resolved; use PORT, or an address of this machine',
};

function cannotListen(host: string, port: number, { code = '' }: NodeJS.ErrnoException): ConfigurationError {
  return new ConfigurationError(
    `--out prometheus: port ${port} of ${host} ${REMEDIES[code] ?? `cannot be opened (${code})`}`,
  );
}
