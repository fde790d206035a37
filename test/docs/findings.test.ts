import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { FINDINGS, kindOfFinding } from '../../catalogue/findings.ts';
import { withGeneratedPart } from './generated-part.ts';

/** The exit code that a finding asks for; a remark has none. */
function exitOf(code: string): string {
  const { exit, gate } = kindOfFinding(code)!;
  if (exit === 'pass') return '–';
  return `${EXIT_CODES[exit].code}${gate === true ? ', gate' : ''}`;
}

test('docs/errors.md lists what can be found about a run, as the table has it', async () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = Object.entries(FINDINGS).map(
    ([code, { meaning, remedy }]) => `| \`${code}\` | ${exitOf(code)} | ${meaning} | ${remedy} |`,
  );
  const table = ['| code | exit | what it means | what to do |', '|---|---|---|---|', ...rows].join('\n');
  await expect(withGeneratedPart(page, 'findings', table)).toMatchFileSnapshot('../../docs/errors.md');
});
