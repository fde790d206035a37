import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import type { ExitName } from '../../catalogue/exit-codes.ts';
import { finding } from '../../catalogue/findings.ts';
import type { Finding } from '../../catalogue/findings.ts';

/** Codes of a run that made no load: what has samples all the same was a fault somewhere in it. */
const STARTLESS: readonly ExitName[] = ['invalid_configuration', 'internal_error'];

/** The finding that k6's own exit code is; what 99 means is seen in the samples, and said from them. */
export function k6Ending(code: number | undefined): readonly Finding[] {
  if (code === undefined || code === 0) return [];
  const known = (Object.keys(EXIT_CODES) as ExitName[]).find((name) => EXIT_CODES[name].code === code);
  const exit = known === undefined || STARTLESS.includes(known) ? 'script_exception' : known;
  return [{ ...finding('host_exit', { data: { code } }), exit: EXIT_CODES[exit].code }];
}
