import { ConfigurationError } from '../../contract/configuration-error.ts';
import { readScrapeTarget } from './prometheus/scrape-target.ts';
import { readRemoteWriteTarget } from './remote-write/settings.ts';
import type { IntervalTarget } from './interval-outputs.ts';

/** A stream of samples that a run writes: `--out json=samples.json.gz`. */
export interface OutputTarget {
  readonly kind: (typeof OUTPUT_KINDS)[number];
  /** A path, or `-` for stdout; `.gz` at the end compresses. */
  readonly file: string;
}

/** Forms that samples can be written in (k6-contract.md section 8). */
export const OUTPUT_KINDS = ['json', 'csv'] as const;

/** Names under which metrics can be sent; the second is k6's. */
const REMOTE_WRITE = ['prometheus-rw', 'experimental-prometheus-rw'];

/** Reads `KIND=PLACE`, and what the environment says of it. Throws a ConfigurationError. */
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
