import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, createRequire } from 'node:module';
import { dirname, extname, relative, resolve } from 'node:path';
import type { BuildFailure, Message, Plugin } from 'esbuild';
import { ConfigurationError } from '../contract/configuration-error.ts';

/** A script as CommonJS source. */
export interface ScriptSource {
  readonly path: string;
  readonly code: string;
  /** Maps `code` to the user's source; undefined if `code` is the file itself. */
  readonly map: SourceMap | undefined;
}

/** Extensions that are always bundled; a `.js` file is if it has `import` or `export` lines. */
const NEEDS_BUILD = ['.ts', '.mts', '.mjs'];
const MODULE_SYNTAX =
  /^\s*(?:import\s*["'{*\w]|export\s+(?:default|const|let|var|function|async|class|\{|\*)|export\s*\{)/m;

const REQUIRES_LIBRARY = /\brequire\(\s*["']pairstorm\/lib["']\s*\)/;

/**
 * Reads a script. TypeScript and ES modules are bundled with their imports, except `k6` and `k6/*`. Throws a
 * ConfigurationError with file and line if it is missing or cannot be built.
 */
export async function readScriptSource(given: string): Promise<ScriptSource> {
  const path = resolve(given);
  if (!existsSync(path)) throw new ConfigurationError(`script ${given} does not exist`);
  const text = readFileSync(path, 'utf8');
  const needsBuild = NEEDS_BUILD.includes(extname(path)) || MODULE_SYNTAX.test(text) || REQUIRES_LIBRARY.test(text);
  return needsBuild ? build(path) : { path, code: text, map: undefined };
}

async function build(path: string): Promise<ScriptSource> {
  // Imported lazily: a run of a ready bundle should not pay for it.
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
        plugins: [REFUSE_REMOTE, FIND_LIBRARY],
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
    // esbuild runs in its own process, which must not outlive the build.
    await esbuild.stop();
  }
}

/** Calls `start`, which spawns a process at once, without the secrets that our environment may contain. */
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

/** k6 fetches remote modules at start; this engine runs only what is on disk. */
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

/** Resolves `pairstorm/lib` to the running engine's own, so that scripts need no local installation. */
const FIND_LIBRARY: Plugin = {
  name: 'find-library',
  setup(build) {
    build.onResolve({ filter: /^pairstorm\/lib$/ }, ({ path }) => ({
      path: createRequire(import.meta.url).resolve(path),
    }));
  },
};

/** The first build error as one line. */
function describe(errors: readonly Message[], folder: string): string {
  const { text, location } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  if (location === null) return `the script cannot be built: ${text}${more}`;
  const file = resolve(folder, location.file);
  const near = relative(process.cwd(), file);
  return `${near.startsWith('..') ? file : near}:${location.line}:${location.column + 1}: ${text}${more}`;
}
