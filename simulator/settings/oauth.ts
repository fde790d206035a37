import { STATUS_ATTRIBUTES } from '../../protocol/status-attribute.ts';
import { MILLISECONDS, SWITCH } from './model.ts';
import type { SettingTable, Switch } from './model.ts';

/** An OAuth client that the simulator knows. Each may use its secret (post or basic) or PKCE. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** True: the session travels in `_pf_authn_api_state` instead of the cookie. */
  readonly cookieless: boolean;
}

/** Where the status attribute is: in all that follows, or in one of these alone. */
const STATUS_PLACES = ['everywhere', 'access_token', 'id_token', 'userinfo', 'introspection'] as const;
export type StatusPlace = (typeof STATUS_PLACES)[number];

/** OAuth clients and what they get. */
export interface OAuthSettings {
  readonly clients: readonly OAuthClient[];
  readonly redirectless: Switch;
  readonly statusAttribute: string;
  readonly statusIn: StatusPlace;
  readonly accessToken: 'jwt' | 'opaque';
  readonly codeMs: number;
  readonly tokenMs: number;
  readonly signing: 'ES256' | 'RS256';
}

export const OAUTH_SETTINGS: SettingTable<OAuthSettings> = {
  clients: {
    default: [
      { id: 'pairstorm', secret: 'pairstorm-secret', cookieless: false },
      { id: 'pairstorm-cookieless', secret: 'pairstorm-secret', cookieless: true },
    ],
    unit: 'list',
    meaning: 'OAuth clients',
  },
  redirectless: {
    ...SWITCH,
    default: 'on',
    meaning: 'off: no client is allowed to use redirectless flows (unauthorized_client)',
  },
  statusAttribute: {
    default: STATUS_ATTRIBUTES[0],
    unit: 'claim name',
    form: { pattern: /^[\w.:/-]+$/, words: 'the name of a claim' },
    meaning: 'claim that carries the status attribute; none: the claim is absent',
  },
  statusIn: {
    default: 'everywhere',
    unit: 'place',
    allowed: STATUS_PLACES,
    meaning: 'where that claim is: everywhere, or in one place alone',
  },
  accessToken: {
    default: 'jwt',
    unit: 'form',
    allowed: ['jwt', 'opaque'],
    meaning: 'opaque: a reference that only userinfo and introspection can read',
  },
  codeMs: { ...MILLISECONDS, default: 60_000, meaning: 'lifetime of an authorization code' },
  tokenMs: {
    ...MILLISECONDS,
    default: 7_200_000,
    meaning: 'lifetime of the tokens (expires_in; not touched by timeScale)',
  },
  signing: {
    default: 'ES256',
    unit: 'algorithm',
    allowed: ['ES256', 'RS256'],
    meaning: 'signature of tokens; RS256 costs about ten times the CPU',
  },
};
