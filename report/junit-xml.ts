import { xmlAttribute, xmlText } from './xml-text.ts';

/** Result of a test case. `failure`: the target failed; `error`: the run itself; `skipped`: not judged. */
export interface Case {
  readonly name: string;
  /** `classname`; absent: that of the suite. */
  readonly group?: string;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  /** What was measured; becomes system-out. */
  readonly said: string;
}

/** A test suite. */
export interface Suite {
  readonly name: string;
  /** Seconds, as text. */
  readonly time: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

/** JUnit XML in the dialect that Jenkins and GitLab read. `time`: seconds, as text. */
export function junitXml(name: string, time: string, suites: readonly Suite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${xmlAttribute(name)} ${counts(suites.flatMap(({ cases }) => cases))} time="${time}">`,
    ...suites.map(suiteXml),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(cases: readonly Case[]): string {
  const count = (wanted: Case['result']): number => cases.filter(({ result }) => result === wanted).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
}

function suiteXml({ name, time, startedAt, properties, cases }: Suite): string {
  const skipped = cases.filter(({ result }) => result === 'skipped').length;
  const listed = Object.entries(properties).map(
    ([property, value]) => `      <property name=${xmlAttribute(property)} value=${xmlAttribute(value)}/>`,
  );
  return [
    `  <testsuite name=${xmlAttribute(name)} ${counts(cases)} skipped="${skipped}" time="${time}" timestamp=${xmlAttribute(startedAt.slice(0, 19))}>`,
    ...(listed.length === 0 ? [] : ['    <properties>', ...listed, '    </properties>']),
    ...cases.map((one) => caseXml(one, name)),
    '  </testsuite>',
  ].join('\n');
}

function caseXml({ name, group, result, message, said }: Case, suiteName: string): string {
  const type = result === 'skipped' ? '' : ` type=${xmlAttribute(result === 'failure' ? 'target' : 'run')}`;
  const outcome =
    result === 'passed'
      ? []
      : [`      <${result}${type} message=${xmlAttribute(message)}>${xmlText(message)}</${result}>`];
  return [
    `    <testcase name=${xmlAttribute(name)} classname=${xmlAttribute(group ?? suiteName)} time="0">`,
    ...outcome,
    ...(said === '' ? [] : [`      <system-out>${xmlText(said)}</system-out>`]),
    '    </testcase>',
  ].join('\n');
}
