import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { preset } from '../../population/population.ts';

const guide = readFileSync(new URL('../../docs/inventory.md', import.meta.url), 'utf8');
const { variants } = preset('everything');

test('the guide lists every variant as the preset everything has it', () => {
  const expected = variants.map(({ kind, name, share, group: { devices, phone, account, clients }, prescribed }) => {
    const has = `${devices.join(', ') || 'none'}${account === 'LOCKED' ? ' (locked account)' : ''}`;
    const held = clients?.browser === 1 ? `${phone} (browser)` : phone;
    return `| ${kind} | ${name} | ${Math.round(share * 1000)} | ${has} | ${held} | \`${prescribed}\` |`;
  });
  // Prettier pads the columns of Markdown tables; one space says the same.
  const rows = guide.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
  expect(rows.filter((line) => /^\| F\d/.test(line))).toEqual(expected);
});

test('the guide names the number of users that show every variant', () => {
  expect(guide.replace(/\s+/g, ' ')).toContain(`The first ${variants.length} users`);
});
