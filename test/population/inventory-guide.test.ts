import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VARIANTS, VARIANT_COUNT } from '../../population/variants.ts';

const guide = readFileSync(new URL('../../docs/inventory.md', import.meta.url), 'utf8');

test('the guide lists every variant as the table in population/variants.ts has it', () => {
  const expected = VARIANTS.map(({ kind, name, share, devices, phone, status, prescribed }) => {
    const has = `${devices.join(', ') || 'none'}${status ? ' (locked account)' : ''}`;
    return `| ${kind} | ${name} | ${share} | ${has} | ${phone} | \`${prescribed}\` |`;
  });
  // Prettier pads the columns of Markdown tables; one space says the same.
  const rows = guide.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
  expect(rows.filter((line) => /^\| F\d/.test(line))).toEqual(expected);
});

test('the guide names the number of users that show every variant', () => {
  expect(guide).toContain(`The first ${VARIANT_COUNT} users`);
});
