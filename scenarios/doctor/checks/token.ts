import type { Check } from '../line.ts';
import { TOKEN_REFUSED } from '../../../lib/diagnoses.ts';
import { errorAnswer } from '../../../lib/flow/error-answer.ts';
import { tokenClaims } from '../../../lib/flow/status-claim.ts';
import { nameWord } from '../../../lib/flow/request-step.ts';
import { jsonObject } from '../../../lib/json-object.ts';
import { KIT_4_ATTRIBUTES, STATUS_ATTRIBUTES } from '../../../protocol/status-attribute.ts';
import { right, unknown, foundWrong } from '../findings.ts';
import type { CheckedExchange, Findings } from '../findings.ts';
import { requestObject } from './request-object.ts';

const NOT_CHECKED = 'the flow did not get that far';

function exchangeOf({ exchanges }: Findings, step: string): CheckedExchange | undefined {
  return exchanges.find((exchange) => exchange.step === step);
}

/** Checks that the code can be redeemed for tokens. */
export function token(findings: Findings): Check {
  const exchange = exchangeOf(findings, 'token');
  if (exchange === undefined) return unknown('token', NOT_CHECKED);
  if (exchange.res.status === 200) return right('token', 'the code was exchanged for tokens');
  if (requestObject(findings)?.is === 'wrong') return unknown('token', 'PKCE was lost (request object, above)');
  const { code } = errorAnswer(exchange.res, jsonObject(exchange.res));
  const known = Object.hasOwn(TOKEN_REFUSED, code) ? TOKEN_REFUSED[code] : undefined;
  return foundWrong(
    'token',
    `the token endpoint rejected the request: ${code}`,
    known ?? 'look for this request in the server.log of PingFederate',
  );
}

/** Checks that the status attribute is where the settings say. */
export function statusAttribute(findings: Findings): Check {
  const { settings, ending, elsewhere } = findings;
  if (exchangeOf(findings, 'token')?.res.status !== 200) return unknown('status_attribute', NOT_CHECKED);
  const { statusFrom, statusClaim } = settings;
  const place = statusFrom === 'tokens' ? 'a token' : statusFrom;
  if (ending?.outcome === 'authenticated' || ending?.outcome.includes('pair') === true) {
    return right('status_attribute', `found in ${place}, and read`);
  }
  // The check of the second factor already reports this.
  if (ending?.outcome === 'bypassed' || ending?.outcome === 'not_driven') {
    return unknown('status_attribute', 'the second factor was not used');
  }
  if (ending?.outcome !== 'unverified') {
    return foundWrong(
      'status_attribute',
      `${place} could not be read: ${ending?.reason ?? 'no answer'}`,
      'allow that endpoint for the client, or set PF_STATUS_FROM to the place of the attribute',
    );
  }
  const found = `it is not in ${place}${statusClaim === '' ? '' : ` as ${statusClaim}`}`;
  if (elsewhere === undefined) {
    return foundWrong(
      'status_attribute',
      found,
      `map the adapter’s attribute ${STATUS_ATTRIBUTES[0]} into the access token (access token mapping), and set PF_STATUS_CLAIM to the claim`,
    );
  }
  const names: readonly string[] = statusClaim === '' ? STATUS_ATTRIBUTES : [statusClaim];
  const claim = nameWord(elsewhere.claim);
  const tokens = elsewhere.from === 'access_token' || elsewhere.from === 'id_token';
  const read = statusFrom === elsewhere.from || (statusFrom === 'tokens' && tokens);
  const remedy = [
    ...(read ? [] : [`PF_STATUS_FROM=${elsewhere.from}`]),
    ...(names.includes(elsewhere.claim) ? [] : [`PF_STATUS_CLAIM=${claim}`]),
  ];
  return foundWrong(
    'status_attribute',
    `${found}, but in ${elsewhere.from} as ${claim}`,
    `set ${remedy.join(' and ')}`,
  );
}

/** Which integration kit answers, as far as the tokens show it; what differs for a test is in docs/real-pingfederate.md. */
export function kit(findings: Findings): Check | undefined {
  const exchange = exchangeOf(findings, 'token');
  const body = exchange?.res.status === 200 ? jsonObject(exchange.res) : undefined;
  if (body === undefined) return undefined;
  const claims = [body['access_token'], body['id_token']].map((jwt) => tokenClaims(typeof jwt === 'string' ? jwt : ''));
  const shown = KIT_4_ATTRIBUTES.find((name) => claims.some((set) => set?.[name] !== undefined));
  return right(
    'kit',
    shown === undefined
      ? '2.x or 3.x, or a later one whose attributes are not mapped'
      : `4.0 or later (${shown} is in a token): users without a usable device follow No Device Failure Mode`,
  );
}
