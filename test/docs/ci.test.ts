import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODES, EXIT_PRECEDENCE } from '../../catalogue/exit-codes.ts';
import type { ExitName } from '../../catalogue/exit-codes.ts';
import { withGeneratedPart } from './generated-part.ts';

const PAGE = new URL('../../docs/ci.md', import.meta.url);
const guide = readFileSync(PAGE, 'utf8');

/** What a pipeline makes of each. */
const THEN: Readonly<Record<ExitName, string>> = {
  pass: 'go on',
  thresholds_failed: 'stop; read `report.html`. With `--gate` also: the numbers cannot be trusted',
  invalid_configuration: 'stop; fix what the line names. There is no record',
  interrupted: 'stop; the job was cancelled or timed out',
  script_exception: 'stop; fix the script',
  aborted: 'stop; the script says why',
  failed: 'stop; the script says why',
  invalid: 'run it again; it is not a finding about the target',
  internal_error: 'stop; report it',
};

test('docs/ci.md says of each exit code what a pipeline makes of it', async () => {
  const rows = (Object.keys(EXIT_CODES) as ExitName[])
    .map((name) => ({ ...EXIT_CODES[name], then: THEN[name] }))
    .sort((a, b) => a.code - b.code)
    .map(({ code, meaning, then }) => `| ${code} | ${meaning} | ${then} |`);
  const table = ['| code | meaning | what a pipeline does |', '| ---: | --- | --- |', ...rows].join('\n');
  await expect(withGeneratedPart(guide, 'exit codes', table)).toMatchFileSnapshot('../../docs/ci.md');
  expect(guide).toContain(EXIT_PRECEDENCE.map((name) => EXIT_CODES[name].code).join(', '));
});

test('docs/ci.md leads to files that there are', () => {
  const links = [...guide.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link!);
  expect(links).not.toEqual([]);
  for (const link of links) expect(existsSync(new URL(link, PAGE)), link).toBe(true);
});
