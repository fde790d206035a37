import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, extname, relative, resolve } from 'node:path';
import type { BuildFailure, Message, Plugin } from 'esbuild';
import { ConfigurationError } from '../contract/configuration-error.ts';

/** A script as CommonJS text. */
export interface ScriptSource {
  readonly path: string;
  readonly code: string;
  /** Leads from a line of `code` to the user's own; undefined where `code` is the file itself. */
  readonly map: SourceMap | undefined;
}

/** Extensions of what is always bundled first; a `.js` file is if it has `import` or `export` lines. */
const NEEDS_BUILD = ['.ts', '.mts', '.mjs'];
const MODULE_SYNTAX =
  /^\s*(?:import\s*["'{*\w]|export\s+(?:default|const|let|var|function|async|class|\{|\*)|export\s*\{)/m;

/**
 * Reads a script. TypeScript and ES modules are bundled with what they import, `k6` and `k6/*` excepted. Throws a
 * ConfigurationError that names file and line if it is missing or cannot be built.
 */
export async function readScriptSource(given: string): Promise<ScriptSource> {
  const path = resolve(given);
  if (!existsSync(path)) throw new ConfigurationError(`script ${given} does not exist`);
  const text = readFileSync(path, 'utf8');
  if (!NEEDS_BUILD.includes(extname(path)) && !MODULE_SYNTAX.test(text)) return { path, code: text, map: undefined };
  return build(path);
}

async function build(path: string): Promise<ScriptSource> {
  // Loaded here alone: a run of a ready bundle should not pay for it.
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await inBareEnvironment(() =>
      esbuild.build({
        entryPoints: [path],
        absWorkingDir: dirname(path),
        outfile: 'script.js',
        bundle: true,
        write: false,
        format: 'cjs',
        platform: 'neutral',
        mainFields: ['module', 'main'],
        target: 'es2022',
        external: ['k6', 'k6/*'],
        plugins: [REFUSE_REMOTE],
        sourcemap: 'external',
        sourcesContent: false,
        logLevel: 'silent',
      }),
    );
    const textOf = (end: string): string => outputFiles.find((file) => file.path.endsWith(end))!.text;
    return { path, code: textOf('.js'), map: new SourceMap(JSON.parse(textOf('.map')) as SourceMap['payload']) };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined || errors.length === 0) throw error;
    throw new ConfigurationError(describe(errors, dirname(path)));
  } finally {
    // esbuild works in a process of its own, which must not outlive its work.
    await esbuild.stop();
  }
}

/** Calls what starts a process at once; that process gets none of the secrets which this one's environment may hold. */
function inBareEnvironment<T>(start: () => T): T {
  const whole = process.env;
  const needed = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT'];
  process.env = Object.fromEntries(needed.flatMap((name) => (whole[name] === undefined ? [] : [[name, whole[name]]])));
  try {
    return start();
  } finally {
    process.env = whole;
  }
}

/** k6 fetches scripts from the web at start; here what runs is what lies on the disk. */
const REFUSE_REMOTE: Plugin = {
  name: 'refuse-remote-imports',
  setup(build) {
    build.onResolve({ filter: /^[a-z]+:\/\// }, ({ path }) => ({
      errors: [
        {
          text: `remote imports are not supported: ${path}; save the module next to the script, or install it with npm`,
        },
      ],
    }));
  },
};

/** The first error of a build as one line. */
function describe(errors: readonly Message[], folder: string): string {
  const { text, location } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  if (location === null) return `the script cannot be built: ${text}${more}`;
  const file = resolve(folder, location.file);
  const near = relative(process.cwd(), file);
  return `${near.startsWith('..') ? file : near}:${location.line}:${location.column + 1}: ${text}${more}`;
}
