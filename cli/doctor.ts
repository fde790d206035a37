import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { FAILURE_PREFIX } from '../contract/failure-line.ts';
import { CHECKS, CHECK_PREFIX, decodeCheck } from '../scenarios/doctor/line.ts';
import type { Check } from '../scenarios/doctor/line.ts';
import { visibleJson } from '../contract/shown-text.ts';
import { collected } from './flag-values.ts';
import { indentedLine, oneLine } from './one-line.ts';
import { SINGLE_FLOW_FLAGS, endedEarly, playSingleFlow, singleFlow } from './single-flow.ts';
import type { SingleFlowFlags } from './single-flow.ts';
import { print } from './stdout.ts';
import type { Command } from 'commander';

interface DoctorFlags extends SingleFlowFlags {
  readonly json?: true;
}

/** What `doctor --json` prints. */
export interface DoctorResult {
  /** catalogue/exit-codes.ts; 99 if a check failed. */
  readonly exitCode: number;
  readonly target: string | null;
  readonly checks: readonly Check[];
  /** One line; set if the checks could not run. */
  readonly reason?: string;
}

export function define(command: Command): void {
  command
    .option(...SINGLE_FLOW_FLAGS.env, collected)
    .option('--json', 'one JSON object on stdout instead of the lines')
    .option(...SINGLE_FLOW_FLAGS.simulatorOption, collected)
    .addHelpText(
      'after',
      `
Checks a target before you put load on it, with about a dozen requests and one
flow: ✓ is right, ✗ is wrong (with a remedy), – could not be checked (with the
reason). The flow is that of a user with a TOTP, so no message is sent and no
account is changed; failing that, of a phone that approves its push; failing
that, it stops at the MFA adapter. A host other than loopback must be listed in
ALLOW_HOSTS. RATE (default 20) is the load you plan: rate limits are compared
with it. Without PF_BASE_URL it checks a simulator of its own. Exits with 0 if
nothing is wrong, otherwise with 99.

Examples:
  pairstorm doctor
  pairstorm doctor -e PF_BASE_URL=https://sso.staging.example.com:9031 -e ALLOW_HOSTS=sso.staging.example.com
  pairstorm doctor --simulator-option redirectless=off      what a misconfigured client looks like`,
    )
    .action(async (flags: DoctorFlags) => {
      process.exitCode = await doctor(flags);
    });
}

async function doctor(flags: DoctorFlags): Promise<number> {
  const flow = singleFlow('doctor', flags, ['RATE']);
  const checks: Check[] = [];
  let target = '';
  const log = (line: string): void => {
    if (!flags.json) print(`${indentedLine(line)}\n`);
  };
  const result = await playSingleFlow(flow, {
    target: (url, proxy) => {
      target = url;
      log(`target ${url}${flow.simulated ? ' (simulator of this check)' : ''}`);
      if (proxy !== undefined) log(`proxy  ${proxy}`);
    },
    line: (line) => {
      if (line.startsWith(CHECK_PREFIX)) {
        const check = decodeCheck(JSON.parse(line.slice(CHECK_PREFIX.length)), 'check');
        checks.push(check);
        checkLines(check).forEach(log);
        // The checks already report how the flow ended.
      } else if (!line.startsWith(FAILURE_PREFIX)) process.stderr.write(`${oneLine(line)}\n`);
    },
    warning: (line) => process.stderr.write(`${oneLine(line)}\n`),
  });
  if (checks.length === 0 || result.exit !== 'pass') {
    const exitCode = endedEarly(result);
    const reason = result.reason ?? 'no check was run';
    if (flags.json) printObject({ exitCode, target, checks, reason });
    return exitCode;
  }
  const wrong = checks.filter(({ is }) => is === 'wrong').length;
  const exitCode = wrong === 0 ? EXIT_CODES.pass.code : EXIT_CODES.thresholds_failed.code;
  log(lastLine(checks));
  if (flags.json) printObject({ exitCode, target, checks });
  return exitCode;
}

function printObject(result: DoctorResult): void {
  print(`${visibleJson(JSON.stringify(result))}\n`);
}

const MARKS = { right: '✓', wrong: '✗', unknown: '–' } as const;

function checkLines({ check, is, found, remedy }: Check): string[] {
  const line = `  ${MARKS[is]} ${CHECKS[check].padEnd(17)} ${found}`;
  return remedy === undefined ? [line] : [line, `${' '.repeat(22)}→ ${remedy}`];
}

function lastLine(checks: readonly Check[]): string {
  const count = (is: Check['is']): number => checks.filter((check) => check.is === is).length;
  const [wrong, unknown] = [count('wrong'), count('unknown')];
  const rest = unknown === 0 ? '' : `; ${unknown} could not be checked`;
  return wrong === 0 ? `nothing is wrong${rest}` : `${wrong} of ${checks.length} checks failed${rest}`;
}
