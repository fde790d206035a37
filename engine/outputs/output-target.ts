import { ConfigurationError } from '../../contract/configuration-error.ts';
import { readScrapeTarget } from './prometheus/scrape-target.ts';
import { readRemoteWriteTarget } from './remote-write/settings.ts';
import type { IntervalTarget } from './interval-outputs.ts';

/** An output for individual samples: `--out json=samples.json.gz`. */
export interface OutputTarget {
  readonly kind: (typeof OUTPUT_KINDS)[number];
  /** A path, or `-` for stdout; `.gz` means compressed. */
  readonly file: string;
}

/** Formats of samples (k6-contract.md section 8). */
const OUTPUT_KINDS = ['json', 'csv'] as const;

/** Names of remote write; the second one is k6's. */
const REMOTE_WRITE = ['prometheus-rw', 'experimental-prometheus-rw'];

/** Reads `KIND=PLACE` and the related environment variables. Throws a ConfigurationError. */
export function readOutputTarget(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): OutputTarget | IntervalTarget {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const place = at < 0 ? '' : text.slice(at + 1);
  if (REMOTE_WRITE.includes(name)) return readRemoteWriteTarget(place === '' ? undefined : place, environment);
  if (name === 'prometheus') return readScrapeTarget(place);
  const kind = OUTPUT_KINDS.find((known) => known === name);
  if (kind === undefined) {
    throw new ConfigurationError(
      `--out ${name} is not an output of this engine; write json=FILE, csv=FILE, prometheus=PORT or prometheus-rw=URL`,
    );
  }
  if (place === '')
    throw new ConfigurationError(`--out ${name} needs a file; write ${name}=FILE, or ${name}=- for stdout`);
  return { kind, file: place };
}
