import type { Check } from '../line.ts';
import { TOKEN_REFUSED } from '../../../lib/diagnoses.ts';
import { errorAnswer } from '../../../lib/flow/answer.ts';
import { nameWord } from '../../../lib/flow/request-step.ts';
import { jsonObject } from '../../../lib/json-object.ts';
import { STATUS_ATTRIBUTES } from '../../../protocol/status-attribute.ts';
import { right, unknown, foundWrong } from '../findings.ts';
import type { CheckedExchange, Findings } from '../findings.ts';

const NOT_CHECKED = 'the flow did not get that far';

function exchangeOf({ exchanges }: Findings, step: string): CheckedExchange | undefined {
  return exchanges.find((exchange) => exchange.step === step);
}

/** Checks that the code can be redeemed for tokens. */
export function token(findings: Findings): Check {
  const exchange = exchangeOf(findings, 'token');
  if (exchange === undefined) return unknown('token', NOT_CHECKED);
  if (exchange.res.status === 200) return right('token', 'the code was exchanged for tokens');
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
