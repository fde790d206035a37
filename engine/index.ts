/**
 * `pairstorm/engine`: runs a k6 script on Node, without k6. What a script may use is in docs/engine.md.
 *
 * ```ts
 * import { run } from 'pairstorm/engine';
 * const { exitCode, reason } = await run({ bundlePath: 'my-script.ts', env: { PF_BASE_URL: 'http://127.0.0.1:9031' } });
 * ```
 */
export { run } from './run.ts';
export { StopSignal } from './stop-signal.ts';
export type { Progress } from './live-counts.ts';
export type { RunResult } from './result.ts';
export type { RunOptions } from './run-options.ts';
