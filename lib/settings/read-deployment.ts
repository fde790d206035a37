import { unknownPlaceholder } from '../template.ts';
import { headerLines } from './headers.ts';
import { parametersOf } from './parameters.ts';
import type { CustomAction, DeploymentSettings, StatusFrom } from './deployment.ts';
import type { DEPLOYMENT_SETTINGS } from './deployment.ts';

type Name = keyof typeof DEPLOYMENT_SETTINGS;

/** Client authentication by what PF_CLIENT_AUTH says, or by whether there is a secret. */
function clientAuth(
  said: string,
  hasSecret: boolean,
  complain: (fault: string) => void,
): Pick<DeploymentSettings, 'clientAuth' | 'pkce'> {
  const [way, more] = (said === '' ? (hasSecret ? 'post' : 'pkce') : said).split('+');
  if (way === 'pkce') {
    if (hasSecret)
      complain(
        'PF_CLIENT_AUTH is "pkce", a client without a secret, but there is a PF_CLIENT_SECRET; write post+pkce or basic+pkce, or leave the secret out',
      );
    return { clientAuth: 'none', pkce: true };
  }
  if (!hasSecret)
    complain(
      `PF_CLIENT_AUTH is "${said}" and needs a secret; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE`,
    );
  return { clientAuth: way === 'basic' ? 'basic' : 'post', pkce: more === 'pkce' };
}

function customAction(read: (name: Name) => string, complain: (fault: string) => void): CustomAction | undefined {
  const [status, action, body] = [read('PF_CUSTOM_STATUS'), read('PF_CUSTOM_ACTION'), read('PF_CUSTOM_BODY')];
  if (status === '' && action === '' && body === '') return undefined;
  if (status === '' || action === '') {
    complain(
      `${status === '' ? 'PF_CUSTOM_STATUS' : 'PF_CUSTOM_ACTION'} is missing; a custom first factor needs PF_CUSTOM_STATUS and PF_CUSTOM_ACTION`,
    );
    return undefined;
  }
  for (const [name, value] of [
    ['PF_CUSTOM_STATUS', status],
    ['PF_CUSTOM_ACTION', action],
  ] as const) {
    if (!/^[A-Za-z0-9_.-]{1,60}$/.test(value)) complain(`${name} is "${value}"; write letters, digits, dots, - and _`);
  }
  let model: unknown;
  try {
    model = JSON.parse(body === '' ? '{}' : body);
  } catch {
    model = undefined;
  }
  if (unknownPlaceholder(body) !== undefined)
    complain('PF_CUSTOM_BODY has a placeholder that is not known; known: {{username}}, {{password}}');
  if (typeof model !== 'object' || model === null || Array.isArray(model)) {
    complain('PF_CUSTOM_BODY is no JSON object; write it like {"userId":"{{username}}","pin":"{{password}}"}');
    return undefined;
  }
  return { status, action, model: model as Record<string, unknown> };
}

/** The settings of a deployment. `complain` hears what is wrong with them. */
export function readDeployment(
  read: (name: Name) => string,
  hasSecret: boolean,
  complain: (fault: string) => void,
): DeploymentSettings {
  const { clientAuth: way, pkce } = clientAuth(read('PF_CLIENT_AUTH'), hasSecret, complain);
  const statusFrom = read('PF_STATUS_FROM') as StatusFrom;
  if (statusFrom === 'introspection' && way === 'none') {
    complain(
      'PF_STATUS_FROM is "introspection", which needs a client with a secret; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE',
    );
  }
  const [cert, key] = [read('TLS_CLIENT_CERT'), read('TLS_CLIENT_KEY')];
  if ((cert === '') !== (key === '')) {
    complain(
      `TLS_CLIENT_${cert === '' ? 'CERT' : 'KEY'} is missing; a client certificate needs TLS_CLIENT_CERT and TLS_CLIENT_KEY`,
    );
  }
  const password = read('TLS_CLIENT_KEY_PASSWORD');
  const passwordFile = read('TLS_CLIENT_KEY_PASSWORD_FILE');
  if (key === '' && password + passwordFile !== '')
    complain('TLS_CLIENT_KEY_PASSWORD does not apply without TLS_CLIENT_KEY');
  return {
    clientAuth: way,
    pkce,
    statusFrom,
    parameters: parametersOf('PF_PARAMETERS', read('PF_PARAMETERS').split('&'), complain),
    parametersFile: read('PF_PARAMETERS_FILE'),
    customAction: customAction(read, complain),
    headers: headerLines('PF_HEADERS', read('PF_HEADERS').split(';'), complain),
    headersFile: read('PF_HEADERS_FILE'),
    tlsClientCert: cert,
    tlsClientKey: key,
    tlsClientKeyPassword: password,
    tlsClientKeyPasswordFile: passwordFile,
  };
}
