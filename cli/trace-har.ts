import { STATUS_CODES } from 'node:http';
import type { TracedRequest, TracedWire } from '../scenarios/trace/line.ts';
import { COOKIELESS } from '../protocol/transport.ts';
import { REDACTED } from '../record/run-file.ts';

/** A value by its name, as HAR lists headers, parameters and cookies. */
interface Named {
  readonly name: string;
  readonly value: string;
  readonly comment?: string;
}

/** What one flow is shown as. */
interface TracedFlow {
  /** Origin of the target. */
  readonly origin: string;
  readonly title: string;
  readonly version: string;
  readonly requests: readonly TracedRequest[];
}

/** HAR's word for a time that does not apply. */
const NOT_APPLICABLE = -1;

const redacted = (names: readonly string[]): Named[] => names.map((name) => ({ name, value: REDACTED }));

/**
 * A flow in the HTTP Archive format, version 1.2, which browsers and their tools open. Values are left out as in every
 * trace: names, statuses, types and times are all there is.
 */
export function harOf({ origin, title, version, requests }: TracedFlow): object {
  const first = requests[0]?.wire.sentAt ?? 0;
  return {
    log: {
      version: '1.2',
      creator: { name: 'Pairstorm', version },
      pages: [
        {
          startedDateTime: new Date(first).toISOString(),
          id: 'flow',
          title,
          pageTimings: { onContentLoad: NOT_APPLICABLE, onLoad: NOT_APPLICABLE },
        },
      ],
      entries: requests.map((request) => entryOf(request, origin)),
      comment: `Values are ${REDACTED}: names, statuses and times only.`,
    },
  };
}

function entryOf(traced: TracedRequest, origin: string): object {
  const { step, wire, status, error } = traced;
  const timings = timingsOf(wire);
  const taken = Object.entries(timings).filter(([name, ms]) => name !== 'ssl' && ms > 0);
  return {
    pageref: 'flow',
    startedDateTime: new Date(wire.sentAt).toISOString(),
    time: taken.reduce((sum, [, ms]) => sum + ms, 0),
    request: requestOf(traced, origin),
    response: responseOf(traced),
    cache: {},
    timings,
    comment: `${step} → ${[status, error].filter((word) => word !== undefined).join(' ') || traced.http}`,
  };
}

/** `connect` includes `ssl`; on a reused connection there was neither. */
function timingsOf({ blocked, connecting, tls, sending, waiting, receiving }: TracedWire): Record<string, number> {
  const made = connecting + tls > 0;
  return {
    ...{ blocked, dns: NOT_APPLICABLE, connect: made ? connecting + tls : NOT_APPLICABLE },
    ...{ send: sending, wait: waiting, receive: receiving, ssl: tls > 0 ? tls : NOT_APPLICABLE },
  };
}

function requestOf({ method, path, fields, carried, wire }: TracedRequest, origin: string): object {
  const query = wire.query.map((name) => `${name}=${encodeURIComponent(REDACTED)}`).join('&');
  const body = fields.slice(wire.query.length);
  const isJson = wire.sentType.endsWith('json');
  const postData = isJson
    ? { params: [], text: JSON.stringify(Object.fromEntries(body.map((name) => [name, REDACTED]))) }
    : { params: redacted(body), text: body.map((name) => `${name}=${REDACTED}`).join('&') };
  return {
    method,
    // Braces stand for the id of the flow.
    url: `${origin}${encodeURI(path)}${query === '' ? '' : `?${query}`}`,
    httpVersion: wire.protocol || 'unknown',
    cookies: redacted(carried.filter((name) => name !== COOKIELESS.header)),
    headers: wire.sentHeaders.map((name) => headerOf(name, wire.sentType)),
    queryString: redacted(wire.query),
    ...(wire.sentType !== '' && { postData: { mimeType: wire.sentType, ...postData } }),
    headersSize: NOT_APPLICABLE,
    bodySize: NOT_APPLICABLE,
  };
}

function responseOf({ http, status, error, offers, session, wire }: TracedRequest): object {
  const links = Object.fromEntries(offers.map((action) => [action, { href: REDACTED }]));
  const known = { ...(status !== undefined && { status }), ...(error !== undefined && { code: error }) };
  const text = JSON.stringify({ ...known, ...(offers.length > 0 && { _links: links }) });
  return {
    status: http,
    statusText: STATUS_CODES[http] ?? '',
    httpVersion: wire.protocol || 'unknown',
    cookies: session.map(({ name, is }) => ({ name, value: REDACTED, comment: is })),
    headers: wire.gotHeaders.map((name) => headerOf(name, wire.gotType)),
    content: {
      size: wire.length,
      mimeType: wire.gotType,
      ...(text !== '{}' && { text, comment: 'what a trace knows of it' }),
    },
    redirectURL: '',
    headersSize: NOT_APPLICABLE,
    bodySize: http === 0 ? NOT_APPLICABLE : wire.length,
  };
}

function headerOf(name: string, type: string): Named {
  return { name, value: name.toLowerCase() === 'content-type' ? type : REDACTED };
}
