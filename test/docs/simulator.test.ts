import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAULT_KINDS } from '../../simulator/wire/faults.ts';
import { SIMULATOR_SETTINGS } from '../../simulator/settings.ts';
import type { SettingModel } from '../../simulator/settings/model.ts';
import { STRICTNESS_SETTINGS } from '../../simulator/settings/strictness.ts';
import { withGeneratedPart } from './generated-part.ts';

const guide = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(({ id }: { id: string }) => `\`${id}\``).join(', ');
  return value === '' ? '(empty)' : `\`${String(value)}\``;
}

function row([name, model]: [string, SettingModel<unknown>]): string {
  const { default: preset, unit, meaning, allowed, min, max } = model;
  const range = min === undefined ? unit : max === undefined ? `${unit}, ≥ ${min}` : `${unit}, ${min} to ${max}`;
  return `| \`${name}\` | ${allowed === undefined ? range : allowed.map(shown).join(', ')} | ${shown(preset)} | ${meaning} |`;
}

test('docs/simulator.md lists the settings as the table has them', async () => {
  const rows = Object.entries(SIMULATOR_SETTINGS).map(row);
  const table = ['| setting | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
  await expect(withGeneratedPart(guide, 'settings', table)).toMatchFileSnapshot('../../docs/simulator.md');
});

test('docs/simulator.md has a row for each kind of fault and each strictness', () => {
  for (const name of [...FAULT_KINDS, ...Object.keys(STRICTNESS_SETTINGS)]) expect(guide).toMatch(`\n| \`${name}\` `);
});
