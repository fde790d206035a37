import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAULT_KINDS } from '../../simulator/wire/faults.ts';
import { defaultOf } from '../../contract/setting.ts';
import type { Setting } from '../../contract/setting.ts';
import { SIMULATOR_SETTINGS } from '../../simulator/settings.ts';
import { OAUTH_CLIENTS } from '../../simulator/settings/oauth.ts';
import { STRICTNESS_SETTINGS } from '../../simulator/settings/strictness.ts';
import { withGeneratedPart } from './generated-part.ts';

const guide = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');

function shown(value: string): string {
  return value === '' ? '(empty)' : `\`${value}\``;
}

function row(setting: Setting<unknown>): string {
  const { name, parse, unit = parse.type, meaning } = setting;
  const { allowed, min, max } = parse;
  const range = min === undefined ? unit : max === Infinity ? `${unit}, ≥ ${min}` : `${unit}, ${min} to ${String(max)}`;
  const preset = name === 'clients' ? OAUTH_CLIENTS.map(({ id }) => shown(id)).join(', ') : shown(defaultOf(setting));
  return `| \`${name}\` | ${allowed === undefined ? range : allowed.map(shown).join(', ')} | ${preset} | ${meaning} |`;
}

test('docs/simulator.md lists the settings as the table has them', async () => {
  const rows = Object.values<Setting<unknown>>(SIMULATOR_SETTINGS).map(row);
  const table = ['| setting | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
  await expect(withGeneratedPart(guide, 'settings', table)).toMatchFileSnapshot('../../docs/simulator.md');
});

test('docs/simulator.md has a row for each kind of fault and each strictness', () => {
  for (const name of [...FAULT_KINDS, ...Object.keys(STRICTNESS_SETTINGS)]) expect(guide).toMatch(`\n| \`${name}\` `);
});
