import { finding } from '../catalogue/findings.ts';
import type { FindingCode } from '../catalogue/findings.ts';
import type { LifecycleEnd, LifecycleName } from './lifecycle-call.ts';
import type { HostFinding } from './result.ts';
import type { TestRun } from './test-run.ts';
import { describeThrown } from './thrown.ts';
import type { ScriptPlace, ThrownText } from './thrown.ts';

/** Stage of a script in which something was thrown. */
type ThrownIn = 'init' | LifecycleName;

/** Notes an error of setup, teardown or handleSummary, unless it follows from what ended the run. */
export function noteFailure(test: TestRun, where: LifecycleName, end: LifecycleEnd, findings: HostFinding[]): void {
  if (end.how !== 'failed' || endedBy(test) !== undefined) return;
  findings.push(thrownFinding(end.thrown, test.bundle, where));
}

/** The finding if the script itself ended the run at once. */
export function endedBy(test: TestRun | undefined): HostFinding | undefined {
  if (test?.abortReason !== undefined) return said('aborted', test.abortReason);
  return test?.unsupportedCall === undefined ? undefined : said('unsupported_call', test.unsupportedCall);
}

/** A finding with just a message from the script or the engine. */
export function said(code: FindingCode, message: string): HostFinding {
  return { finding: finding(code, { data: { message } }) };
}

/** Finding for a thrown error: a configuration error (104) or an exception (107). */
export function thrownFinding(thrown: unknown, script: ScriptPlace, where: ThrownIn): HostFinding {
  return failureFinding(describeThrown(thrown, script), where);
}

export function failureFinding({ line, message, name, stack }: ThrownText, where: ThrownIn): HostFinding {
  if (name === 'ConfigurationError') return { finding: finding('unusable', { data: { message } }), stack };
  return { finding: finding('script_exception', { data: { message: line, where } }), stack };
}
