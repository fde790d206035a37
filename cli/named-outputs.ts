import { ConfigurationError } from '../contract/configuration-error.ts';
import type { IntervalTarget } from '../engine/outputs/interval-outputs.ts';
import { readOutputTarget } from '../engine/outputs/output-target.ts';
import type { OutputTarget } from '../engine/outputs/output-target.ts';

/** The outputs of a run: files of samples, and those that show metrics. */
export interface NamedOutputs {
  readonly outputs: readonly OutputTarget[];
  readonly metricTargets: readonly IntervalTarget[];
}

/** The outputs that `--out` names, or else K6_OUT. Throws a ConfigurationError. */
export function outputsOf({ out, json }: { readonly out?: readonly string[]; readonly json?: true }): NamedOutputs {
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
  return { outputs, metricTargets: targets.filter((target) => !isFile(target)) };
}

function isFile(target: OutputTarget | IntervalTarget): target is OutputTarget {
  return 'file' in target;
}
