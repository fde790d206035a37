import { resolve } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { IntervalTarget } from '../engine/outputs/interval-outputs.ts';
import { readOutputTarget } from '../engine/outputs/output-target.ts';
import type { OutputTarget } from '../engine/outputs/output-target.ts';

/** The outputs of a run: files of samples, and those that show metrics. */
export interface NamedOutputs {
  readonly outputs: readonly OutputTarget[];
  readonly metricTargets: readonly IntervalTarget[];
}

/** Flags of `run` that name what is written. */
interface OutputFlags {
  readonly out?: readonly string[];
  readonly json?: true;
  readonly summaryExport?: string;
}

/** The outputs that `--out` names, or else K6_OUT. Throws a ConfigurationError. */
export function outputsOf({ out, json, summaryExport }: OutputFlags): NamedOutputs {
  const variable = process.env['K6_OUT'] ?? '';
  const named = out ?? (variable === '' ? [] : variable.split(','));
  const targets = named.map((text) => readOutputTarget(text, process.env));
  const outputs = targets.filter(isFile);
  const toStdout = outputs.filter(({ file }) => file === '-');
  if (toStdout.length > 1 || (toStdout.length === 1 && json === true)) {
    throw new ConfigurationError(
      `--out ${toStdout[0]!.kind}=- makes no sense with ${json === true ? '--json' : 'another'}: stdout holds one of them; give a file`,
    );
  }
  refuseSameFile([
    ...outputs.filter(({ file }) => file !== '-').map(({ kind, file }) => ({ flag: `--out ${kind}=${file}`, file })),
    ...(summaryExport === undefined ? [] : [{ flag: `--summary-export ${summaryExport}`, file: summaryExport }]),
  ]);
  return { outputs, metricTargets: targets.filter((target) => !isFile(target)) };
}

/** Two that write one file would spoil each other's lines. */
function refuseSameFile(written: readonly { readonly flag: string; readonly file: string }[]): void {
  const seen = new Map<string, string>();
  for (const { flag, file } of written) {
    const before = seen.get(resolve(file));
    if (before !== undefined)
      throw new ConfigurationError(`${flag} writes the file of ${before} too; give each a file of its own`);
    seen.set(resolve(file), flag);
  }
}

function isFile(target: OutputTarget | IntervalTarget): target is OutputTarget {
  return 'file' in target;
}
