import { ConfigurationError } from '../../../contract/configuration-error.ts';

/** A scrape endpoint: `--out prometheus=PORT`. */
export interface ScrapeTarget {
  readonly kind: 'prometheus';
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Reads `PORT` or `HOST:PORT`. Throws a ConfigurationError. */
export function readScrapeTarget(text: string): ScrapeTarget {
  const match = /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]\s/]+)):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new ConfigurationError(
      `--out prometheus=${text} has no port; write prometheus=PORT, or prometheus=HOST:PORT to be reachable from other machines`,
    );
  }
  return { kind: 'prometheus', host: match[1] ?? match[2] ?? '127.0.0.1', port };
}
