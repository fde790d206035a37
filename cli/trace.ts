import { accessSync, constants } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { FAILURE_PREFIX } from '../contract/failure-line.ts';
import type { Inventory } from '../contract/inventory.ts';
import { TRACE_PREFIX, decodeTrace } from '../scenarios/trace/line.ts';
import type { TracedEnd, TracedRequest } from '../scenarios/trace/line.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { collected, wholeNumber } from './flag-values.ts';
import { indentedLine, oneLine } from './one-line.ts';
import { VERSION } from './package.ts';
import { describeFileError, replaceFile } from '../record/text-file.ts';
import { recordedFlow } from './recorded-flow.ts';
import { SINGLE_FLOW_FLAGS, endedEarly, playSingleFlow, singleFlow } from './single-flow.ts';
import type { SingleFlowFlags } from './single-flow.ts';
import { print } from './stdout.ts';
import { harOf } from './trace-har.ts';
import { endLines, recordedLine, requestLines } from './trace-lines.ts';

interface TraceFlags extends SingleFlowFlags {
  readonly kind?: string;
  readonly user?: number;
  readonly from?: string;
  readonly flow?: number;
  readonly har?: string;
}

export function define(command: Command): void {
  command
    .option('--kind <kind>', `the first user of a kind: ${Object.keys(FLOW_KINDS).join(', ')}`)
    .option('--user <n>', 'index of the user in the inventory, from 0', wholeNumber(0, 10_000_000))
    .option('--from <file>', 'replay a failed flow: the failures.jsonl of a run')
    .option('--flow <n>', 'number of the failed flow in that file, from 1 (default: 1)', wholeNumber(1, 10_000_000))
    .option('--har <file>', 'write the flow as an HTTP archive, for the viewer of a browser')
    .option(...SINGLE_FLOW_FLAGS.env, collected)
    .option(...SINGLE_FLOW_FLAGS.simulatorOption, collected)
    .addHelpText(
      'after',
      `
Plays one flow of one user and prints each request: what was sent, what was
answered, how long it took, which cookies were sent and set. Names only: no
secret, token, code or payload is shown, in the archive of --har neither, which
the network tools of browsers open. Without PF_BASE_URL it uses a simulator
of its own. Exits with 0 if the flow ended as expected, otherwise with 99.

Examples:
  pairstorm trace --kind F4
  pairstorm trace --kind F4 --har flow.har
  pairstorm trace --user 12 -e PF_BASE_URL=https://sso.staging.example.com:9031 -e ALLOW_HOSTS=sso.staging.example.com
  pairstorm trace --from results/2026-11-24T03-39-07Z-smoke/failures.jsonl --flow 3`,
    )
    .action(async (flags: TraceFlags) => {
      process.exitCode = await trace(flags);
    });
}

async function trace(flags: TraceFlags): Promise<number> {
  if (flags.flow !== undefined && flags.from === undefined) {
    throw new ConfigurationError('--flow has no effect without --from, the file of failed flows');
  }
  for (const name of ['user', 'kind'] as const) {
    if (flags.from === undefined || flags[name] === undefined) continue;
    throw new ConfigurationError(
      `--${name} cannot be combined with --from, which already selects the user; leave it out`,
    );
  }
  const { har } = flags;
  // Before anything is played.
  if (har !== undefined) onArchive(har, () => accessSync(dirname(har), constants.W_OK));
  const flow = singleFlow('trace', flags, []);
  const recorded = flags.from === undefined ? undefined : recordedFlow(flags.from, flags.flow ?? 1, flow.inventory);
  const user = recorded?.user ?? chosenUser(flags, flow.inventory);
  flow.env['TRACE_USER'] = String(user);
  const { kind, prescribed } = flow.inventory.users[user]!;
  const file = relative(process.cwd(), flow.inventory.file);
  log(
    `${kind} ${FLOW_KINDS[kind].title}; user ${user} of ${file}, seed ${flow.inventory.seed}; expected: ${prescribed}`,
  );
  if (recorded !== undefined) log(`recorded ${recordedLine(recorded)}`);
  let end: TracedEnd | undefined;
  let origin = '';
  const requests: TracedRequest[] = [];
  const result = await playSingleFlow(flow, {
    target: (url) => {
      origin = new URL(flow.env['PF_BASE_URL']!).origin;
      log(`target ${url}${flow.simulated ? ' (simulator of this trace)' : ''}`);
    },
    line: (line) => {
      if (line.startsWith(TRACE_PREFIX)) {
        const traced = decodeTrace(JSON.parse(line.slice(TRACE_PREFIX.length)), 'trace');
        if (traced.request !== undefined) requestLines(requests.push(traced.request), traced.request).forEach(log);
        end = traced.end ?? end;
        // The failure record would repeat what is printed here.
      } else if (!line.startsWith(FAILURE_PREFIX)) log(line);
    },
    warning: (line) => process.stderr.write(`${oneLine(line)}\n`),
  });
  if (end !== undefined) endLines(end, prescribed, requests.length, recorded).forEach(log);
  if (har !== undefined) {
    const title = `${kind} ${FLOW_KINDS[kind].title}, user ${user}: ${end?.outcome ?? 'not ended'}`;
    writeHar(har, harOf({ origin, title, version: VERSION, requests }));
  }
  if (end === undefined || result.exit !== 'pass') return endedEarly(result);
  return end.outcome === prescribed ? EXIT_CODES.pass.code : EXIT_CODES.thresholds_failed.code;
}

/** Index of the selected user; the first by default. Throws a ConfigurationError. */
function chosenUser({ kind, user }: TraceFlags, { users }: Inventory): number {
  const wanted = kind === undefined ? undefined : kindOf(kind);
  if (user !== undefined) {
    const found = users[user];
    if (found === undefined) {
      throw new ConfigurationError(`--user is ${user}; the inventory has users 0 to ${users.length - 1}`);
    }
    if (wanted !== undefined && found.kind !== wanted) {
      throw new ConfigurationError(`--user ${user} plays ${found.kind}, not ${wanted}; leave out one of the two flags`);
    }
    return user;
  }
  const first = wanted === undefined ? 0 : users.findIndex((candidate) => candidate.kind === wanted);
  if (first >= 0) return first;
  const there = [...new Set(users.map((candidate) => candidate.kind))].sort(
    (a, b) => Number(a.slice(1)) - Number(b.slice(1)),
  );
  throw new ConfigurationError(`--kind ${wanted}: no user of the inventory plays it; available: ${there.join(', ')}`);
}

function kindOf(text: string): FlowKind {
  const kinds = Object.keys(FLOW_KINDS) as FlowKind[];
  const found = kinds.find((kind) => kind === text.toUpperCase());
  if (found === undefined) throw new ConfigurationError(`--kind is "${text}"; allowed: ${kinds.join(', ')}`);
  return found;
}

/** Throws a ConfigurationError where the archive cannot be written. */
function onArchive(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new ConfigurationError(`--har ${file} cannot be written: ${describeFileError(error)}; name another file`);
  }
}

function writeHar(file: string, har: object): void {
  onArchive(file, () => replaceFile(file, `${JSON.stringify(har, undefined, 2)}\n`));
  process.stderr.write(`${oneLine(`archive → ${file}`)}\n`);
}

function log(line: string): void {
  print(`${indentedLine(line)}\n`);
}
