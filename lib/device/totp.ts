import { hmac } from 'k6/crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_SECONDS = 30;
const DIGITS = 6;

/** Decodes base32 without padding (RFC 4648 section 6). Throws a RangeError on a letter outside its alphabet. */
function decodeBase32(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const letter of text.toUpperCase()) {
    const five = BASE32.indexOf(letter);
    if (five < 0) throw new RangeError('a TOTP secret is not base32');
    value = ((value << 5) | five) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (value >> bits) & 0xff;
    }
  }
  return bytes;
}

/** Time-based one-time password: RFC 6238 with SHA-1, 30 s, 6 digits. `nowMs` in Unix milliseconds. */
export function totp(secret: string, nowMs: number): string {
  const counter = new Uint8Array(8);
  let step = Math.floor(nowMs / 1000 / STEP_SECONDS);
  for (let at = 7; at >= 0; at--, step = Math.floor(step / 256)) counter[at] = step % 256;
  const key = decodeBase32(secret);
  const mac = new Uint8Array(hmac('sha1', key.buffer, counter.buffer, 'binary'));
  const offset = mac[19]! & 0xf;
  const number = ((mac[offset]! & 0x7f) << 24) | (mac[offset + 1]! << 16) | (mac[offset + 2]! << 8) | mac[offset + 3]!;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}
