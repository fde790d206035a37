import type * as K6 from 'k6/encoding';
import { bytesOf, scriptBuffer } from '../http/script-bytes.ts';
import { oncePerRun } from '../once-per-run.ts';
import type { VirtualUser } from '../virtual-user.ts';
import type { ModuleShape } from './lacking-calls.ts';

/** Module `k6/encoding` (k6-contract.md 6.6). */
export const encodingModule = ({ run }: VirtualUser) => encodingOf(run);

const encodingOf = oncePerRun((run) => {
  const variant = (name?: string): { readonly url: boolean; readonly padded: boolean } => {
    const known = VARIANTS[name ?? 'std'];
    if (known === undefined)
      throw new run.realm.Error(`base64 variant ${name} is not known; known: ${Object.keys(VARIANTS).join(', ')}`);
    return known;
  };
  return {
    b64encode(input: unknown, encoding?: string): string {
      const { url, padded } = variant(encoding);
      return base64(bytesOf(input, 'b64encode(input)', run.realm), url, padded);
    },
    b64decode(input: unknown, encoding?: string, format?: unknown): string | ArrayBuffer {
      const { url, padded } = variant(encoding);
      const text = String(input);
      const alphabet = url ? /^[\w-]*={0,2}$/ : /^[A-Za-z0-9+/]*={0,2}$/;
      if (!alphabet.test(text) || (padded && text.length % 4 !== 0) || (!padded && text.endsWith('='))) {
        throw new run.realm.Error(`b64decode: the input is not base64 of the variant ${encoding ?? 'std'}`);
      }
      const bytes = Buffer.from(text, url ? 'base64url' : 'base64');
      return format === 's' ? bytes.toString('utf8') : scriptBuffer(bytes, run.realm);
    },
  } satisfies ModuleShape<typeof K6>;
});

const VARIANTS: Readonly<Record<string, { readonly url: boolean; readonly padded: boolean } | undefined>> = {
  std: { url: false, padded: true },
  rawstd: { url: false, padded: false },
  url: { url: true, padded: true },
  rawurl: { url: true, padded: false },
};

/** Base64 (RFC 4648), standard or URL alphabet, with or without padding. */
export function base64(bytes: Buffer, url: boolean, padded: boolean): string {
  const text = bytes.toString(url ? 'base64url' : 'base64');
  if (!url) return padded ? text : text.replace(/=+$/, '');
  return padded ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text;
}
