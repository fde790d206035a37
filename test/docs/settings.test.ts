import { expect, test } from 'vitest';
import { formatDuration } from '../../contract/duration.ts';
import { defaultOf } from '../../contract/setting.ts';
import type { ScenarioName, Setting } from '../../contract/setting.ts';
import { SETTING_GROUPS } from '../../lib/settings.ts';

function range({ parse: { type, min, max, allowed }, unit }: Setting<unknown>): string {
  if (type === 'flag') return 'true, false';
  if (allowed !== undefined) return allowed.join(', ');
  if (min === undefined || max === undefined) return type;
  return type === 'duration'
    ? `duration, ${formatDuration(min)} to ${formatDuration(max)}`
    : `${type} ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`;
}

function defaults(setting: Setting<unknown>): string {
  const code = (text: string): string => (text === '' ? '(empty)' : `\`${text}\``);
  if (setting.defaults === undefined) return code(defaultOf(setting));
  const ofScenarios = Object.keys(setting.defaults).map(
    (scenario) => `${scenario}: ${code(defaultOf(setting, scenario as ScenarioName))}`,
  );
  return [...ofScenarios, ...(setting.scenarios === undefined ? ['else (empty)'] : [])].join('; ');
}

function row(setting: Setting<unknown>): string {
  return `| \`${setting.name}\` | ${range(setting)} | ${defaults(setting)} | ${setting.scenarios?.join(', ') ?? 'all'} | ${setting.meaning} |`;
}

function page(): string {
  const groups = Object.entries(SETTING_GROUPS).flatMap(([title, tables]) => [
    `## ${title}`,
    '',
    '| name | values | default | scenarios | meaning |',
    '|---|---|---|---|---|',
    ...tables.flatMap((table) => Object.values<Setting<unknown>>(table).map(row)),
    '',
  ]);
  return [
    '# Settings',
    '',
    'What a run can be told, by environment variable on both hosts: `pairstorm run smoke -e NAME=VALUE`,',
    '`k6 run -e NAME=VALUE dist/smoke.js`, or the environment itself. A secret belongs in the environment or in a file, never',
    'in a flag. A value out of range, or a setting that does not apply to the scenario, is an error before the first request.',
    '',
    'Paths: for the command, relative ones count from the current folder, whether they are in the environment or in `-e`; the',
    'default of `INVENTORY` is the file of the package. Under `k6 run` they count from the folder of the script, as for k6’s',
    '`open()`. A script of your own gets its variables as they are, except the `INVENTORY` of a simulator that `--simulator`',
    'starts. Files are UTF-8, or UTF-16 with a byte order mark; any other is refused, with the line and what it looks like.',
    '',
    'What is shown of a setting (banner, `run.json`, errors) is never a secret: of `PF_HEADERS`, `PF_PARAMETERS` and',
    '`PF_CUSTOM_BODY` only the names, and values that consist only of `{{username}}` and `{{password}}`.',
    '',
    'This page is made from the tables of `lib/settings/` by `npx vitest run test/docs -u`; a test keeps them in step.',
    '',
    ...groups,
  ].join('\n');
}

test('docs/settings.md says what the table of settings says', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/settings.md');
});
