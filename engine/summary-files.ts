import { noteFailure } from './host-findings.ts';
import { isArrayBuffer } from './http/script-bytes.ts';
import { callLifecycle } from './lifecycle-call.ts';
import { summaryText } from './metrics/summary-text.ts';
import type { HostFinding, RunResult } from './result.ts';
import type { TestRun } from './test-run.ts';
import type { VirtualUser } from './virtual-user.ts';

/**
 * What the summary makes, by target: what the script's handleSummary returns, or the engine's text if there is none, or
 * if it failed, which is noted in `findings`. `empty`: metrics without samples; `hold`: as for `callLifecycle`.
 */
export async function handleSummary(
  test: TestRun,
  summary: RunResult['summary'],
  empty: ReadonlySet<string>,
  hold: (vu: VirtualUser | undefined) => void,
  findings: HostFinding[],
): Promise<RunResult['files']> {
  const { summaryMode, handleSummaryTimeout } = test.settings!;
  if (summaryMode === 'disabled') return {};
  const data = test.realm.JSON.parse(JSON.stringify(summary)) as unknown;
  const end = await callLifecycle(test, 'handleSummary', () => [data], handleSummaryTimeout, hold);
  const builtIn = { stdout: summaryText(summary, summaryMode, empty) };
  if (end.how === 'completed') {
    try {
      return filesOf(end.value);
    } catch (thrown) {
      noteFailure(test, 'handleSummary', { how: 'failed', thrown }, findings);
      return builtIn;
    }
  }
  noteFailure(test, 'handleSummary', end, findings);
  return builtIn;
}

/** Validates what handleSummary returned: strings and ArrayBuffers by target. Throws a TypeError. */
function filesOf(value: unknown): Readonly<Record<string, string | ArrayBuffer>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new TypeError('handleSummary() must return an object {target: content}');
  const files: Record<string, string | ArrayBuffer> = {};
  for (const [target, content] of Object.entries(value as Record<string, unknown>)) {
    if (typeof content !== 'string' && !isArrayBuffer(content)) {
      throw new TypeError(`handleSummary(): the content for "${target}" must be a string or an ArrayBuffer`);
    }
    files[target] = content;
  }
  return files;
}
