import { createHash, createHmac, getHashes, hash as hashOnce, randomBytes } from 'node:crypto';
import { bytesOf, scriptBuffer } from '../http/script-bytes.ts';
import { oncePerRun } from '../once-per-run.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { base64 } from './encoding.ts';
import type { ModuleShape } from './lacking-calls.ts';
import type * as K6 from 'k6/crypto';

/** Hash algorithms by k6's (k6-contract.md 6.6) and Node's names. */
const ALGORITHMS = {
  md4: 'md4',
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
  ripemd160: 'ripemd160',
} as const;

/** Algorithms of this Node's OpenSSL. */
const OFFERED: ReadonlySet<string> = new Set(getHashes());

/** Encodings for which Node's one-shot hash matches k6. */
const SAME_ENCODING: Readonly<Record<string, 'hex' | 'base64' | 'base64url' | undefined>> = {
  hex: 'hex',
  base64: 'base64',
  base64rawurl: 'base64url',
};

/** Module `k6/crypto` (k6-contract.md 6.6). */
export const cryptoModule = ({ run }: VirtualUser) => cryptoOf(run);

const cryptoOf = oncePerRun(({ realm }) => {
  const algorithm = (name: unknown): string => {
    const known = (ALGORITHMS as Readonly<Record<string, string | undefined>>)[String(name)];
    if (known === undefined) {
      throw new realm.Error(
        `hash algorithm ${String(name)} is not known; known: ${Object.keys(ALGORITHMS).join(', ')}`,
      );
    }
    // md4 is not in OpenSSL 3's default provider.
    if (known === 'md4' || !OFFERED.has(known))
      throw new realm.Error(`hash algorithm ${known} is not available in this Node`);
    return known;
  };
  const encode = (bytes: Buffer, encoding: unknown): string | ArrayBuffer => {
    if (encoding === 'hex') return bytes.toString('hex');
    if (encoding === 'base64') return base64(bytes, false, true);
    if (encoding === 'base64url') return base64(bytes, true, true);
    if (encoding === 'base64rawurl') return base64(bytes, true, false);
    if (encoding === 'binary') return scriptBuffer(bytes, realm);
    throw new realm.Error(
      `encoding ${String(encoding)} is not known; known: hex, base64, base64url, base64rawurl, binary`,
    );
  };
  /** `digest` may be called repeatedly, with more data in between. */
  class Hasher {
    readonly #parts: Buffer[] = [];
    readonly #digest: (input: Buffer) => Buffer;

    constructor(digest: (input: Buffer) => Buffer) {
      this.#digest = digest;
    }

    update(input: unknown): void {
      this.#parts.push(Buffer.from(bytesOf(input, 'update(input)', realm)));
    }

    digest(encoding: unknown): string | ArrayBuffer {
      return encode(this.#digest(Buffer.concat(this.#parts)), encoding);
    }
  }
  const hash =
    (name: keyof typeof ALGORITHMS) =>
    (input: unknown, encoding: unknown): string | ArrayBuffer => {
      const known = algorithm(name);
      const same = typeof encoding === 'string' ? SAME_ENCODING[encoding] : undefined;
      const data = typeof input === 'string' ? input : bytesOf(input, `${name}(input)`, realm);
      if (same !== undefined) return hashOnce(known, data, same);
      return encode(createHash(known).update(data).digest(), encoding);
    };
  const hmac = (name: unknown, secret: unknown, input: unknown): Buffer =>
    createHmac(algorithm(name), bytesOf(secret, 'secret', realm))
      .update(bytesOf(input, 'input', realm))
      .digest();
  return {
    md4: hash('md4'),
    md5: hash('md5'),
    sha1: hash('sha1'),
    sha256: hash('sha256'),
    sha384: hash('sha384'),
    sha512: hash('sha512'),
    sha512_224: hash('sha512_224'),
    sha512_256: hash('sha512_256'),
    ripemd160: hash('ripemd160'),
    hmac: (name: unknown, secret: unknown, input: unknown, encoding: unknown) =>
      encode(hmac(name, secret, input), encoding),
    createHash: (name: unknown) => {
      const known = algorithm(name);
      return new Hasher((input) => createHash(known).update(input).digest());
    },
    createHMAC: (name: unknown, secret: unknown) => {
      algorithm(name);
      const key = Buffer.from(bytesOf(secret, 'secret', realm));
      return new Hasher((input) => hmac(name, key, input));
    },
    randomBytes(size: unknown): ArrayBuffer {
      if (typeof size !== 'number' || !Number.isInteger(size) || size < 1)
        throw new realm.Error('randomBytes(size): size must be a whole number ≥ 1');
      return scriptBuffer(randomBytes(size), realm);
    },
    Hasher,
  } satisfies ModuleShape<typeof K6>;
});
