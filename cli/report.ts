import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { sentenceOf } from '../catalogue/finding-words.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { visibleLines } from '../contract/shown-text.ts';
import { describeFileError, replaceFile } from '../record/text-file.ts';
import { oneLine } from './one-line.ts';
import { readReportModel } from './record/read-report-model.ts';
import { ONE_PAGE, REPORT_FORMATS } from './report-formats.ts';
import type { ReportFormat, ReportFormatName } from './report-formats.ts';
import { print } from './stdout.ts';
import { Option } from 'commander';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

interface ReportCommandFlags {
  readonly format: ReportFormatName;
  readonly out?: string;
  readonly onePage?: true;
}

export function define(command: Command): void {
  const names = Object.keys(REPORT_FORMATS);
  command
    .argument('<folder>', 'the folder of a run, such as results/<run>')
    .addOption(new Option('--format <form>', 'form of the report').choices(names).default('html'))
    .option('--out <file>', 'file to write; - is stdout (default: beside the record)')
    .option('--one-page', 'the first screen alone (one-page.html): a page of paper for who decides')
    .addHelpText(
      'after',
      `
Makes a report from a run record: the verdict, flows by kind and outcome, the
pairing and polling paths, latency, throughput against the plan, generator
health, failed flows step by step. Works for stopped and killed runs, too.
"pairstorm run" writes the HTML page at the end of each run.

Forms:
${Object.entries(REPORT_FORMATS)
  .map(([name, { summary, file }]: [string, ReportFormat]) => `  ${name.padEnd(9)} ${summary} (${file})`)
  .join('\n')}

Examples:
  pairstorm report results/2026-11-24T03-39-07Z-load
  pairstorm report results/2026-11-24T03-39-07Z-load --one-page
  pairstorm report results/2026-11-24T03-39-07Z-load --out - > report.html`,
    )
    .action(async (folder: string, flags: ReportCommandFlags) => {
      process.exitCode = await report(folder, flags);
    });
}

async function report(folder: string, { format, out, onePage }: ReportCommandFlags): Promise<number> {
  if (onePage === true && format !== 'html')
    throw new ConfigurationError(`--one-page makes an HTML page; leave out --format ${format}`);
  const form: ReportFormat = onePage === true ? ONE_PAGE : REPORT_FORMATS[format];
  const model = await readReportModel(folder);
  for (const found of model.findings.filter(({ code }) => code === 'record_damaged'))
    process.stderr.write(`warning: ${oneLine(sentenceOf(found))}\n`);
  const text = (await form.load())(model);
  if (out === '-') print(process.stdout.isTTY ? visibleLines(text) : text);
  else {
    const file = out ?? join(folder, form.file);
    // The folder may be from an untrusted source, with links pointing anywhere.
    write(file, () => (out === undefined ? replaceFile(file, text) : writeFileSync(file, text)));
    process.stderr.write(`${oneLine(`report → ${relative(process.cwd(), file) || file}`)}\n`);
  }
  return EXIT_CODES.pass.code;
}

function write(file: string, how: () => void): void {
  try {
    how();
  } catch (error) {
    throw new ConfigurationError(`cannot write ${file}: ${describeFileError(error)}; name another with --out FILE`);
  }
}
