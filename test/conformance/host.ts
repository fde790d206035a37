import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const call = promisify(execFile);
const SOURCES = new URL('../../conformance/sobek', import.meta.url).pathname;

/** How often something happened, by an outer and an inner name. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the Sobek host prints (conformance/sobek/tally.go). */
export interface Tally {
  readonly iterations: number;
  readonly thrown: number;
  /** By kind and outcome. */
  readonly outcomes: Counts;
  /** By `name` tag and HTTP status. */
  readonly requests: Counts;
  readonly counters: Readonly<Record<string, number>>;
  readonly rates: Readonly<Record<string, { readonly passes: number; readonly fails: number }>>;
  /** Number of samples. */
  readonly trends: Readonly<Record<string, number>>;
  readonly checks: Readonly<Record<string, { readonly passes: number; readonly fails: number }>>;
}

/** Why the host cannot be built on this machine, or `undefined`. */
export async function reasonToSkip(): Promise<string | undefined> {
  try {
    await call('go', ['version']);
    return undefined;
  } catch {
    return 'there is no go on this machine; install Go 1.23 or later to run the bundles on Sobek';
  }
}

/** Which Sobek: today's, or that of the oldest k6 on which our bundles work (conformance/sobek/oldest.mod). */
export type Sobek = 'newest' | 'oldest';

/** For a hook that builds the host: on a machine where Go has compiled nothing yet, it compiles its own library first. */
export const BUILD_MS = 300_000;

/** Builds the host as `binary`. */
export async function buildHost(binary: string, sobek: Sobek = 'newest'): Promise<void> {
  const modules = sobek === 'oldest' ? ['-modfile=oldest.mod'] : [];
  await call('go', ['build', ...modules, '-o', binary, '.'], { cwd: SOURCES });
}

/** Runs the host; rejects with its last line when it does not end well. */
export async function runHost<Result = Tally>(
  binary: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Result> {
  const settings = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  try {
    const { stdout } = await call(binary, [...flags, ...settings]);
    return JSON.parse(stdout) as Result;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr?.trim().split('\n').at(-1) ?? 'the host did not run', { cause: error });
  }
}
