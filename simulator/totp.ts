import { createHmac, timingSafeEqual } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** RFC 6238 section 4.1: time step in seconds. */
export const STEP_S = 30;
/** RFC 6238 section 5.2: accepted clock drift in steps, each way. */
const DRIFT_STEPS = 1;

/** Decodes base32 (RFC 4648 section 6, padding optional); null for an invalid character. */
export function decodeBase32(text: string): Buffer | null {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text.replace(/=+$/, '').toUpperCase()) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

/** RFC 4226 section 5.3: HOTP with SHA-1 and 6 digits. */
export function hotp(secret: Buffer, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(message).digest();
  const number = mac.readUInt32BE(mac[19]! & 0x0f) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** RFC 6238: whether the code is valid at this time (milliseconds since 1970), allowing one step of drift. */
export function isTotp(base32Secret: string, code: string, now: number): boolean {
  const secret = decodeBase32(base32Secret);
  if (secret === null || !/^\d{6}$/.test(code)) return false;
  const step = Math.floor(now / 1000 / STEP_S);
  for (let drift = -DRIFT_STEPS; drift <= DRIFT_STEPS; drift++) {
    if (step + drift >= 0 && timingSafeEqual(Buffer.from(hotp(secret, step + drift)), Buffer.from(code))) return true;
  }
  return false;
}
