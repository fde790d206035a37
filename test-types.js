import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/**
 * Checks the types of tests and examples. What they import is checked by `tsc -p tsconfig.json` and `tsc -p tsconfig.vu.json`, so that
 * `tsc -p tsconfig.test.json` would check it a second time, for a third of its own time.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const CHECKED_ELSEWHERE = 'bench';
const { config } = ts.readConfigFile(root + 'tsconfig.test.json', ts.sys.readFile);
const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(fileNames, options);
const own = config.include.filter((place) => place !== CHECKED_ELSEWHERE && !place.includes('*'));
const isOwn = ({ fileName }) => own.includes(relative(root, fileName).split(sep)[0]);
const found = [
  ...[...errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()],
  ...program
    .getSourceFiles()
    .filter(isOwn)
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
];
const host = { ...ts.sys, getCurrentDirectory: () => root, getNewLine: () => '\n', getCanonicalFileName: String };
process.stdout.write(ts.formatDiagnostics(found, host));
if (found.length > 0) process.exitCode = 1;
