import { ConfigurationError } from '../contract/configuration-error.ts';
import type { IntervalTarget } from '../engine/outputs/interval-outputs.ts';
import { readOutputTarget } from '../engine/outputs/output-target.ts';
import type { OutputTarget } from '../engine/outputs/output-target.ts';
import { describeFileError } from '../record/text-file.ts';
import { accessSync, closeSync, constants, existsSync, openSync, statSync, unlinkSync } from 'node:fs';
import { resolve } from 'node:path';

/** Outputs of a run: sample files and metric outputs. */
export interface NamedOutputs {
  readonly outputs: readonly OutputTarget[];
  readonly metricTargets: readonly IntervalTarget[];
}

interface OutputFlags {
  readonly out?: readonly string[];
  readonly json?: true;
  readonly summaryExport?: string;
}

/** Outputs from `--out`, or else from K6_OUT. Throws a ConfigurationError. */
export function outputsOf({ out, json, summaryExport }: OutputFlags): NamedOutputs {
  const variable = process.env['K6_OUT'] ?? '';
  const named = out ?? (variable === '' ? [] : variable.split(','));
  const targets = named.map((text) => readOutputTarget(text, process.env));
  const outputs = targets.filter(isFile);
  const toStdout = outputs.filter(({ file }) => file === '-');
  if (toStdout.length > 1 || (toStdout.length === 1 && json === true)) {
    throw new ConfigurationError(
      `--out ${toStdout[0]!.kind}=- cannot be combined with ${json === true ? '--json' : 'another'}: stdout can take only one; write the other to a file`,
    );
  }
  const exported = summaryExportOf({ summaryExport });
  const files = [
    ...outputs.filter(({ file }) => file !== '-').map(({ kind, file }) => ({ flag: `--out ${kind}=${file}`, file })),
    ...(exported === undefined ? [] : [exported]),
  ];
  refuseSameFile(files);
  files.forEach(refuseUnwritable);
  return { outputs, metricTargets: targets.filter((target) => !isFile(target)) };
}

/** A file that the run writes, and the flag or variable that names it. */
interface NamedFile {
  readonly flag: string;
  readonly file: string;
}

/** The summary file from the flag, or else from K6_SUMMARY_EXPORT. */
export function summaryExportOf({
  summaryExport,
}: {
  readonly summaryExport?: string | undefined;
}): NamedFile | undefined {
  if (summaryExport !== undefined) return { flag: `--summary-export ${summaryExport}`, file: summaryExport };
  const file = process.env['K6_SUMMARY_EXPORT'] ?? '';
  return file === '' ? undefined : { flag: `K6_SUMMARY_EXPORT=${file}`, file };
}

/** Checks before the run, and in a dry run, that a file can be written, without changing its content. */
function refuseUnwritable({ flag, file }: NamedFile): void {
  try {
    const isNew = !existsSync(file);
    // Opening a pipe that nobody reads would block.
    if (!isNew && !statSync(file).isFile() && !statSync(file).isDirectory()) accessSync(file, constants.W_OK);
    else {
      closeSync(openSync(file, 'a'));
      if (isNew) unlinkSync(file);
    }
  } catch (error) {
    throw new ConfigurationError(
      `${flag} cannot be written: ${describeFileError(error)}; use a file in an existing folder`,
    );
  }
}

/** Two writers of one file would corrupt each other's lines. */
function refuseSameFile(written: readonly NamedFile[]): void {
  const seen = new Map<string, string>();
  for (const { flag, file } of written) {
    const before = seen.get(resolve(file));
    if (before !== undefined)
      throw new ConfigurationError(`${flag} writes to the same file as ${before}; give each its own file`);
    seen.set(resolve(file), flag);
  }
}

function isFile(target: OutputTarget | IntervalTarget): target is OutputTarget {
  return 'file' in target;
}
