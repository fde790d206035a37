import { STATES } from '../protocol/states.ts';
import { shareWithin, support } from './distributions.ts';
import type { Distribution } from './distributions.ts';
import { UNUSABLE, PUSH_NEEDS, walk } from './paths.ts';
import type { Walk } from './paths.ts';
import { CHOICES } from './population-file.ts';
import type { ClientName, Group, Leave, PopulationFile } from './population-file.ts';
import { timingsOf } from './timings.ts';

/** Tolerance of a sum of shares. */
const SHARE_TOLERANCE = 1e-6;

/** A distribution must lie to at least this share where the expected outcome holds. */
const LEAST_WITHIN = 0.01;

/** Maximum number of devices of a user, including the new phone (PingOne's default; the simulator's `deviceLimit`). */
const DEVICE_LIMIT = 5;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const short = (number: number): string => String(Number(number.toPrecision(6)));

function sumProblems(place: string, shares: readonly number[]): string[] {
  const total = sum(shares);
  return Math.abs(total - 1) <= SHARE_TOLERANCE
    ? []
    : [`${place} sum to ${short(total)}; expected 1 (within ${SHARE_TOLERANCE})`];
}

/** Sums of shares that are not 1. */
function shareProblems(file: PopulationFile): string[] {
  const problems = sumProblems(
    'the shares of groups',
    file.groups.map(({ share }) => share),
  );
  const check = (place: string, shares: object | undefined): void => {
    if (shares !== undefined) problems.push(...sumProblems(place, Object.values(shares) as number[]));
  };
  check('clients', file.clients);
  for (const [at, group] of file.groups.entries()) {
    check(`groups[${at}].clients`, group.clients);
    for (const name of CHOICES) check(`groups[${at}].${name}.shares`, group[name]?.shares);
  }
  return problems;
}

function leaveProblems(file: PopulationFile): string[] {
  const lists: readonly (readonly [string, readonly Leave[]])[] = [
    ['leave', file.leave ?? []],
    ...file.groups.map(({ leave = [] }, at) => [`groups[${at}].leave`, leave] as const),
  ];
  return lists.flatMap(([place, list]) => {
    const problems: string[] = [];
    for (const at of new Set(list.map((one) => one.at))) {
      const total = sum(list.filter((one) => one.at === at).map(({ share }) => share));
      if (total > 1 + SHARE_TOLERANCE)
        problems.push(`the shares of ${place} at ${at} sum to ${short(total)}; expected at most 1`);
    }
    for (const [index, { at, how }] of list.entries()) {
      const actions: readonly string[] = STATES[at].actions;
      if (how === 'cancel' && !actions.includes('cancelAuthentication')) {
        problems.push(`${place}[${index}].how is cancel, which ${at} does not offer; expected one of abandon, outstay`);
      }
    }
    return problems;
  });
}

/** All distributions of a file with their JSON paths. */
function distributions(file: PopulationFile): [string, Distribution][] {
  const found: [string, Distribution][] = [];
  const visit = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('distribution' in value) found.push([place, value as Distribution]);
    else if (Array.isArray(value)) value.forEach((item, at) => visit(item, `${place}[${at}]`));
    else for (const [name, inner] of Object.entries(value)) visit(inner, place === '' ? name : `${place}.${name}`);
  };
  visit(file, '');
  return found;
}

function distributionProblems(file: PopulationFile): string[] {
  return distributions(file).flatMap(([place, d]) => {
    if (d.distribution === 'histogram') {
      const { edgesMs, counts } = d;
      const problems: string[] = [];
      if (counts.length !== edgesMs.length - 1) {
        problems.push(
          `${place}.counts has ${counts.length} numbers for ${edgesMs.length} edges; expected ${edgesMs.length - 1}`,
        );
      }
      const fall = edgesMs.findIndex((edge, at) => at > 0 && edge <= edgesMs[at - 1]!);
      if (fall > 0)
        problems.push(`${place}.edgesMs[${fall}] is ${edgesMs[fall]!}; expected more than the previous edge`);
      if (sum(counts) === 0) problems.push(`${place}.counts are all 0; expected at least one observation`);
      return problems;
    }
    const { minMs, maxMs } = support(d);
    if (d.distribution === 'fixed' || minMs < maxMs) return [];
    return [`${place}.maxMs is ${maxMs}; expected more than minMs (${minMs})`];
  });
}

function groupProblems(group: Group, at: number, file: PopulationFile): string[] {
  const place = `groups[${at}]`;
  const problems: string[] = [];
  const { devices, phone, select = [] } = group;
  if (file.groups.findIndex(({ name }) => name === group.name) !== at) {
    problems.push(`${place}.name is a duplicate of "${group.name}"; expected a unique name`);
  }
  if (phone === 'paired' && !devices.some((device) => PUSH_NEEDS.includes(device))) {
    problems.push(
      `${place}.phone is paired, but no device is ${PUSH_NEEDS.join(' or ')}; expected one, or phone new or none`,
    );
  }
  if (phone === 'new' && devices.length >= DEVICE_LIMIT) {
    problems.push(
      `${place}.devices has ${devices.length}; expected at most ${DEVICE_LIMIT - 1} in addition to a new phone`,
    );
  }
  if (phone !== 'none' && ((group.clients ?? file.clients)?.browser ?? 0) > 0) {
    problems.push(
      `${place}.phone is ${phone}, but a browser sends no mobile payload; expected none, or clients without browser`,
    );
  }
  const beyond = select.findIndex((one) => one >= devices.length);
  if (beyond >= 0)
    problems.push(
      `${place}.select[${beyond}] is ${select[beyond]!}; expected an index into devices, 0 to ${devices.length - 1}`,
    );
  else if (select.length > 0) {
    const usable = select.findIndex((one) => !UNUSABLE.includes(devices[one]!));
    if (usable < 0) problems.push(`${place}.select has no usable device; expected one at the end`);
    else if (usable < select.length - 1) problems.push(`${place}.select[${usable + 1}] is never reached; remove it`);
  }
  const decides = (group.push?.shares.approve ?? 0) + (group.push?.shares.deny ?? 0) > 0;
  if (group.push?.delay !== undefined && !decides)
    problems.push(`${place}.push.delay cannot apply: no push is decided`);
  const { expired = 0, ...entered } = group.otp?.shares ?? {};
  if (group.otp?.expiredDelay !== undefined && expired === 0) {
    problems.push(`${place}.otp.expiredDelay cannot apply: otp.shares.expired is 0`);
  }
  if (group.otp?.delay !== undefined && sum(Object.values(entered)) === 0) {
    problems.push(`${place}.otp.delay cannot apply: all codes are expired and use expiredDelay`);
  }
  return problems;
}

/** Problems with the paths of a group's flows. */
function walkProblems({ variants, unused, missing, impossible }: Walk, group: Group, at: number): string[] {
  const place = `groups[${at}]`;
  const problems = [
    ...unused.map((name) => `${place}.${name} cannot apply: no flow of this group reaches it; remove it`),
    ...[...missing].map(([name, state]) => `${place}.${name} is missing: flows of this group reach ${state}`),
    ...[...impossible].map(([name, why]) => `${place}.${name} cannot apply: ${why}`),
  ];
  const stayed = variants.filter(({ behaviour }) => behaviour.leave === undefined);
  const kinds = new Set((stayed.length > 0 ? stayed : variants).map(({ kind }) => kind));
  const others = [...kinds].filter((kind) => kind !== group.kind);
  if (group.kind !== undefined && others.length > 0) {
    problems.push(
      `${place}.kind is ${group.kind}, but the group leads to ${others.join(', ')}; expected that, or no kind`,
    );
  }
  return problems;
}

/** Delays that would hardly ever lead to the expected outcome. */
function timingProblems({ variants }: Walk, at: number): string[] {
  return variants.flatMap((variant) =>
    (Object.keys(variant.clients) as ClientName[]).flatMap((client) =>
      timingsOf(variant, client)
        .filter(({ from, within }) => shareWithin(from, within) < LEAST_WITHIN)
        .map(
          ({ of, from, within }) =>
            `groups[${at}]: of its ${of} delay (${from.distribution}) ${short(100 * shareWithin(from, within))} % lies ` +
            `from ${within.minMs} to ${within.maxMs} ms, where its outcome ${variant.prescribed} is reached; expected at least 1 %`,
        ),
    ),
  );
}

/**
 * Problems of a file that the schema cannot express: shares that do not sum to 1, choices that cannot apply or are
 * missing, delays that defeat the expected outcome. Each message has the JSON path.
 */
export function contentProblems(file: PopulationFile): string[] {
  const problems = [
    ...shareProblems(file),
    ...leaveProblems(file),
    ...distributionProblems(file),
    ...file.groups.flatMap((group, at) => groupProblems(group, at, file)),
  ];
  // The checks below rely on valid shares, indices and distributions.
  if (problems.length > 0) return problems;
  const walks = file.groups.map((group) => walk(group, file));
  for (const [at, found] of walks.entries()) {
    problems.push(...walkProblems(found, file.groups[at]!, at), ...timingProblems(found, at));
  }
  return [...new Set(problems)];
}
