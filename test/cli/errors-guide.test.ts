import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../cli/report-formats.ts';
import { EXIT_CODES, EXIT_PRECEDENCE } from '../../catalogue/exit-codes.ts';
import { sectionBelow } from '../docs/generated-part.ts';
import { emptyFolder, pairstorm } from './command.ts';

const errors = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const commands = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
const options = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8');

describe('The guide to exit codes', () => {
  it('lists each code with its name and meaning, and no other', () => {
    const rows = [...errors.matchAll(/^\| +(\d+) \| `(\w+)` +\| (.*?) +\|$/gm)];
    const written = rows.map(([, code, name, meaning]) => ({ name, code: Number(code), meaning }));
    const known = Object.entries(EXIT_CODES).map(([name, { code, meaning }]) => ({ name, code, meaning }));
    expect(written.sort((a, b) => a.code - b.code)).toEqual(known.sort((a, b) => a.code - b.code));
  });

  it('says which code wins', () => {
    expect(errors).toContain(EXIT_PRECEDENCE.map((name) => EXIT_CODES[name].code).join(', '));
  });
});

describe('The guide to commands', () => {
  it('names every form of a report, and the file that it is written to', async () => {
    const section = sectionBelow(commands, '`pairstorm report');
    for (const [name, { file }] of Object.entries(REPORT_FORMATS)) {
      expect(section).toContain(`\`${name}\``);
      expect(section).toContain(`\`${file}\``);
    }
  });

  it.each(['run', 'report', 'compare', 'inventory', 'import', 'merge', 'doctor', 'trace'])(
    'names every flag of %s, there or in the guide to options',
    async (command) => {
      const { stdout } = await pairstorm(emptyFolder(), [command, '--help']);
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag!);
      expect(flags.length).toBeGreaterThan(2);
      const section = sectionBelow(commands, `\`pairstorm ${command}`);
      for (const flag of flags)
        if (flag !== '--help' && flag !== '--version') expect(section + options).toContain(flag);
    },
  );
});
