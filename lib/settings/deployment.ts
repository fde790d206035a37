import type { Setting } from '../settings.ts';

/** Settings of a deployment's own ways: how its client, first factor, token and transport differ from the plain case. */
export const DEPLOYMENT_SETTINGS = {
  PF_CLIENT_AUTH: {
    type: 'choice',
    allowed: ['pkce', 'post', 'basic', 'post+pkce', 'basic+pkce'],
    default: '',
  },
  PF_STATUS_FROM: {
    type: 'choice',
    allowed: ['tokens', 'access_token', 'id_token', 'userinfo', 'introspection'],
    default: 'tokens',
  },
  PF_PARAMETERS: { type: 'text', default: '' },
  PF_PARAMETERS_FILE: { type: 'path', default: '' },
  PF_CUSTOM_STATUS: { type: 'text', default: '' },
  PF_CUSTOM_ACTION: { type: 'text', default: '' },
  PF_CUSTOM_BODY: { type: 'text', default: '' },
  PF_HEADERS: { type: 'text', default: '' },
  PF_HEADERS_FILE: { type: 'path', default: '' },
  TLS_CLIENT_CERT: { type: 'path', default: '' },
  TLS_CLIENT_KEY: { type: 'path', default: '' },
  TLS_CLIENT_KEY_PASSWORD: { type: 'secret', default: '' },
  TLS_CLIENT_KEY_PASSWORD_FILE: { type: 'path', default: '' },
} as const satisfies Record<string, Setting>;

/** Where the status attribute is read. */
export type StatusFrom = 'tokens' | 'access_token' | 'id_token' | 'userinfo' | 'introspection';

/** What they come to. */
export interface DeploymentSettings {
  /** How the client proves itself at the token endpoint; `none` is a public client. */
  readonly clientAuth: 'none' | 'post' | 'basic';
  readonly pkce: boolean;
  readonly statusFrom: StatusFrom;
  /** More parameters of the authorization request; values are templates (template.ts). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly parametersFile: string;
  /** The action of a first factor of the deployment's own. */
  readonly customAction: CustomAction | undefined;
  /** Headers of every request to PingFederate. */
  readonly headers: Readonly<Record<string, string>>;
  readonly headersFile: string;
  readonly tlsClientCert: string;
  readonly tlsClientKey: string;
  readonly tlsClientKeyPassword: string;
  readonly tlsClientKeyPasswordFile: string;
}

/** In this status, this action with this model; texts of the model are templates (template.ts). */
export interface CustomAction {
  readonly status: string;
  readonly action: string;
  readonly model: Readonly<Record<string, unknown>>;
}
