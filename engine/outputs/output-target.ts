import { ConfigurationError } from '../../contract/configuration-error.ts';

/** A stream of samples that a run writes: `--out json=samples.json.gz`. */
export interface OutputTarget {
  readonly kind: (typeof OUTPUT_KINDS)[number];
  /** A path, or `-` for stdout; `.gz` at the end compresses. */
  readonly file: string;
}

/** Forms that samples can be written in (k6-contract.md section 8). */
export const OUTPUT_KINDS = ['json', 'csv'] as const;

/** Reads `KIND=FILE`. Throws a ConfigurationError. */
export function readOutputTarget(text: string): OutputTarget {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const kind = OUTPUT_KINDS.find((known) => known === name);
  if (kind === undefined) {
    throw new ConfigurationError(`--out ${name} is not an output of this engine; write json=FILE or csv=FILE`);
  }
  const file = at < 0 ? '' : text.slice(at + 1);
  if (file === '')
    throw new ConfigurationError(`--out ${name} names no file; write ${name}=FILE, or ${name}=- for stdout`);
  return { kind, file };
}
