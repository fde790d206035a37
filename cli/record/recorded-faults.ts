import { findingWords } from '../../catalogue/finding-words.ts';
import { decide } from '../../catalogue/verdict.ts';
import { join } from 'node:path';
import type { RunFile } from '../../record/run-file.ts';
import { openRecord } from '../../record/read-record.ts';
import { replaceFile } from '../../record/text-file.ts';
import { resilienceFindings } from '../resilience-findings.ts';
import { resilienceOfRun } from '../resilience-of-run.ts';

/**
 * Judges the faults of a record that was just made of other files: adds what is found to its run.json, and writes
 * resilience.json beside it.
 */
export async function judgeRecordedFaults(folder: string, made: RunFile): Promise<RunFile> {
  if (made.resilience === undefined || made.end === null) return made;
  const { run } = openRecord(folder);
  if (run.end === null) return made;
  const found = await resilienceOfRun(folder, run);
  if (typeof found === 'object')
    replaceFile(join(folder, 'resilience.json'), `${JSON.stringify(found.verdict, undefined, 2)}\n`);
  const more = resilienceFindings(found, run.resilience, run.end.rules?.gate === true);
  if (more.length === 0) return run;
  const judgement = decide([...run.end.findings, ...more]);
  const reason = findingWords(judgement.findings);
  const judged: RunFile = { ...run, end: { ...run.end, ...judgement, ...(reason === '' ? {} : { reason }) } };
  replaceFile(join(folder, 'run.json'), `${JSON.stringify(judged, undefined, 2)}\n`);
  return judged;
}
