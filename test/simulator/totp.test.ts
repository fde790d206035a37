import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase32, hotp, isTotp } from '../../simulator/totp.ts';
import { TOTP_SECRET } from './people.ts';

const SECRET = Buffer.from('12345678901234567890');

describe('TOTP', () => {
  it.each([
    [0, '755224'],
    [1, '287082'],
    [5, '254676'],
    [9, '520489'],
  ])('RFC 4226 appendix D: counter %i gives %s', (counter, code) => {
    expect(hotp(SECRET, counter)).toBe(code);
  });

  // The RFC's 8 digits, of which ours are the last 6.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('RFC 6238 appendix B: at second %i the code is %s', (second, code) => {
    expect(isTotp(TOTP_SECRET, code, second * 1000)).toBe(true);
  });

  it('accepts the step before and after, and none further', () => {
    const now = 1_700_000_010_000;
    const step = Math.floor(now / 30_000);
    const accepted = [-2, -1, 0, 1, 2].map((drift) => isTotp(TOTP_SECRET, hotp(SECRET, step + drift), now));
    expect(accepted).toEqual([false, true, true, true, false]);
  });

  it.each(['', '12345', '1234567', 'abcdef', '75522４'])('refuses %j without a fault', (code) => {
    expect(isTotp(TOTP_SECRET, code, 0)).toBe(false);
  });

  it('reads back every secret that base32 can write', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const encode = (bytes: Uint8Array): string => {
      const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[parseInt(five.padEnd(5, '0'), 2)]).join('');
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect([...decodeBase32(encode(bytes))!]).toEqual([...bytes]);
      }),
    );
    expect(decodeBase32('NOT BASE32!')).toBeNull();
  });
});
