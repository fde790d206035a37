import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTIONS } from '../../protocol/actions.ts';
import type { ActionModel, FieldModel } from '../../protocol/actions.ts';
import { CLIENT_PROFILES } from '../../protocol/client-profiles.ts';
import { ERRORS, ERROR_DETAILS } from '../../protocol/errors.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import { FLOW_PATHS } from '../../protocol/flow-paths.ts';
import { DEVICE_TYPES } from '../../protocol/resources.ts';
import { STATES } from '../../protocol/states.ts';
import { BYPASS_VALUES, STATUS_ATTRIBUTES, STATUS_PREFIX, STATUS_VALUES } from '../../protocol/status-attribute.ts';
import { CUSTOM_STATUSES, OTHER_STATUSES } from '../../protocol/other-statuses.ts';
import * as transport from '../../protocol/transport.ts';
import { withGeneratedPart } from './generated-part.ts';

const PAGE = new URL('../../docs/protocol.md', import.meta.url);

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const codes = (names: readonly string[]): string => names.map(code).join(', ') || '–';
/** A list outside a table, in lines as short as the page's. */
const wrapped = (list: string): string => list.replaceAll(/(.{1,118})(?:, |$)/g, '$1,\n').replace(/,\n$/, '');
const sources = (source: string | readonly string[]): string =>
  [source]
    .flat()
    .map((mark) => `[${mark}]`)
    .join(' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** `deviceRef.id`, `[mobilePayload]`: the fields of a model, in brackets where they are optional. */
function fieldsOf(fields: Readonly<Record<string, FieldModel>>, before = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.fields === undefined
      ? [field.required ? code(before + name) : `[${code(before + name)}]`]
      : fieldsOf(field.fields, `${before}${name}.`),
  );
}

/** Every list of the page that stands in protocol/, by the name of its markers. */
const PARTS: Readonly<Record<string, string>> = {
  paths: table(
    ['what', 'path'],
    Object.entries(transport.PATHS).map(([what, path]) => [what, code(path)]),
  ),
  'device types': wrapped(codes(DEVICE_TYPES)),
  states: table(
    ['status', 'fields', 'actions', 'meaning', 'source'],
    Object.entries(STATES).map(([status, { fields, actions, meaning, source }]) => [
      ...[code(status), codes(fields), codes(actions), meaning, sources(source)],
    ]),
  ),
  'other states': wrapped(codes(OTHER_STATUSES)),
  'custom states': wrapped(codes(CUSTOM_STATUSES)),
  actions: table(
    ['action', 'fields', 'errors of its own', 'source'],
    Object.entries<ActionModel>(ACTIONS).map(([id, { fields, errors, source }]) => [
      ...[code(id), fieldsOf(fields).join(', ') || '–', codes(errors), sources(source)],
    ]),
  ),
  errors: table(
    ['code', 'HTTP', 'message', 'source'],
    Object.entries(ERRORS).map(([name, { httpStatus, message, source }]) => [
      ...[code(name), String(httpStatus), message, sources(source)],
    ]),
  ),
  'error details': table(
    ['detail', 'under', 'message', 'source'],
    Object.entries(ERROR_DETAILS).map(([name, { under, message, source }]) => [
      ...[code(name), code(under), message, sources(source)],
    ]),
  ),
  'flow kinds': table(
    ['kind', 'flow', 'path', 'source'],
    Object.entries(FLOW_KINDS).map(([kind, { title, source }]) => [
      ...[kind, title, FLOW_PATHS[kind as FlowKind].split(' ').map(code).join(' '), sources(source)],
    ]),
  ),
  'status values': wrapped(
    Object.entries(STATUS_VALUES)
      .map(([value, source]) => `${code(value)} ${sources(source)}`)
      .join(', '),
  ),
  'bypass values': codes(BYPASS_VALUES.split(' ')),
  'client profiles': table(
    ['', ...Object.keys(CLIENT_PROFILES).map(code)],
    (Object.keys(CLIENT_PROFILES.android) as (keyof typeof CLIENT_PROFILES.android)[]).map((property) => [
      ...[code(property), ...Object.values(CLIENT_PROFILES).map((profile) => String(profile[property]))],
    ]),
  ),
};

test('docs/protocol.md lists the states, actions, errors and values of protocol/', async () => {
  let page = readFileSync(PAGE, 'utf8');
  for (const [name, text] of Object.entries(PARTS)) page = withGeneratedPart(page, name, text);
  await expect(page).toMatchFileSnapshot('../../docs/protocol.md');
});

test('docs/protocol.md names what the transport is made of', () => {
  const page = readFileSync(PAGE, 'utf8').replaceAll(/\s+/g, ' ');
  const { ACTION_MEDIA_TYPE, ACTION_QUERY_PARAMETER, COOKIELESS, RATE_LIMIT_HEADERS, XSRF_HEADER } = transport;
  for (const fact of [
    ...[XSRF_HEADER.name, `\`${XSRF_HEADER.value}\``, `cookie \`${transport.SESSION_COOKIE}\``],
    ...[COOKIELESS.field, COOKIELESS.header, `?${ACTION_QUERY_PARAMETER}={actionId}`],
    `${ACTION_MEDIA_TYPE.prefix}{actionId}${ACTION_MEDIA_TYPE.suffix}`,
    ...[`response_mode=${transport.REDIRECTLESS_RESPONSE_MODE}`, `up to ${transport.FLOW_ID_MAX_LENGTH} characters`],
    ...[`runtime port ${transport.RUNTIME_PORT}`, ...STATUS_ATTRIBUTES, STATUS_PREFIX],
    ...Object.values(RATE_LIMIT_HEADERS),
    ...[...transport.START_JSON_TYPES, `{"${transport.START_PARAMETERS_FIELD}":{…}}`],
  ]) {
    expect(page, fact).toContain(fact);
  }
});
