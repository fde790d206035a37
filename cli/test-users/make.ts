import type { ApiAnswer, ApiRequest, PingOneApi } from './pingone-api.ts';
import type { TestUser } from './people.ts';

/** What users are made with. */
export interface Making {
  /** Id of the population. */
  readonly population: string;
  /** Id of the MFA policy of the devices; '': the default one. */
  readonly policy: string;
  /** Passwords are PingOne's to check, not another directory's. */
  readonly passwords: boolean;
}

/** Why one user cannot be made or taken away; the others can. */
export class UserRefused extends Error {
  override readonly name = 'UserRefused';
}

/** `type` of a device at PingOne. [doc] */
const DEVICE_TYPE = { SMS: 'SMS', Email: 'EMAIL', Voice: 'VOICE' } as const;

/** The mark of users of this command, who alone are changed and taken away. */
const markOf = ({ username }: TestUser): string => `pairstorm-test-user:${username.toLowerCase()}`;

/** The requests that make a user, in order, as a plan shows them; `{id}`: the id that the first one answers. */
export function requestsFor(user: TestUser, making: Making): readonly ApiRequest[] {
  return [
    createUser(user, making),
    ...(making.passwords ? [setPassword('{id}', user)] : []),
    enableMfa('{id}'),
    createDevice('{id}', user, making),
  ];
}

/** [doc: Create User] */
function createUser(user: TestUser, { population }: Making): ApiRequest {
  const email = user.device === 'Email' ? { email: user.target } : {};
  return {
    ...{ method: 'POST', path: '/users' },
    body: { username: user.username, ...email, population: { id: population }, externalId: markOf(user) },
  };
}

/** [doc: Update Password (Set)] */
function setPassword(id: string, { password }: TestUser): ApiRequest {
  return {
    ...{ method: 'PUT', path: `/users/${id}/password`, type: 'application/vnd.pingidentity.password.set+json' },
    body: { value: password, forceChange: false },
  };
}

/** [doc: Enable User MFA] */
function enableMfa(id: string): ApiRequest {
  return { method: 'PUT', path: `/users/${id}/mfaEnabled`, body: { mfaEnabled: true } };
}

/** [doc: Create MFA User Device for testing] */
function createDevice(id: string, { device, target }: TestUser, { policy }: Making): ApiRequest {
  return {
    ...{ method: 'POST', path: `/users/${id}/devices` },
    body: {
      type: DEVICE_TYPE[device],
      ...(device === 'Email' ? { email: target } : { phone: target }),
      testMode: true,
      status: 'ACTIVE',
      ...(policy !== '' && { policy: { id: policy } }),
    },
  };
}

/**
 * Makes a user with the test device, or what is missing of it. The user name is unique at PingOne, and a device is
 * looked for before it is made again; so nothing is made twice, however often this is done. Throws UserRefused and
 * TokenRefused.
 */
export async function makeUser(api: PingOneApi, user: TestUser, making: Making): Promise<void> {
  const created = await api.send(createUser(user, making));
  const taken = created?.code.includes('UNIQUENESS_VIOLATION') === true;
  const id = taken ? await ownId(api, user) : idOf(accepted(created));
  if (id === undefined) throw new UserRefused('the name is taken by a user whom the token may not see');
  if (making.passwords) accepted(await api.send(setPassword(id, user)));
  accepted(await api.send(enableMfa(id)));
  const hasDevice = (): Promise<boolean> => deviceOf(api, id, user);
  if (taken && (await hasDevice())) return;
  accepted(await api.send(createDevice(id, user, making), hasDevice));
}

/** Takes a user away; false: there was none. Throws UserRefused and TokenRefused. */
export async function removeUser(api: PingOneApi, user: TestUser): Promise<boolean> {
  const id = await ownId(api, user);
  if (id === undefined) return false;
  const answer = await api.send({ method: 'DELETE', path: `/users/${id}` });
  if (answer?.status !== 404) accepted(answer);
  return true;
}

/** Id of the user with this name, if this command made it. Throws UserRefused for anybody else's. */
async function ownId(api: PingOneApi, user: TestUser): Promise<string | undefined> {
  const filter = encodeURIComponent(`username eq "${user.username}"`);
  const answer = accepted(await api.send({ method: 'GET', path: `/users?filter=${filter}` }));
  const [found] = listIn(answer, 'users');
  if (found === undefined) return undefined;
  if (found['externalId'] === markOf(user) && typeof found['id'] === 'string') return found['id'];
  throw new UserRefused('a user of this name exists whom this command did not make; it is left alone');
}

async function deviceOf(api: PingOneApi, id: string, { device }: TestUser): Promise<boolean> {
  const answer = accepted(await api.send({ method: 'GET', path: `/users/${id}/devices` }));
  return listIn(answer, 'devices').some(({ type }) => type === DEVICE_TYPE[device]);
}

function listIn({ body }: ApiAnswer, name: string): readonly Readonly<Record<string, unknown>>[] {
  const list = (body['_embedded'] as Readonly<Record<string, unknown>> | undefined)?.[name];
  return Array.isArray(list) ? (list as readonly Readonly<Record<string, unknown>>[]) : [];
}

function idOf({ body: { id } }: ApiAnswer): string {
  if (typeof id === 'string' && /^[\w-]{1,60}$/.test(id)) return id;
  throw new UserRefused('PingOne answered without an id');
}

/** The answer, unless PingOne refused. A request that was found done has none. */
function accepted(answer: ApiAnswer | undefined): ApiAnswer {
  if (answer === undefined) return { status: 200, body: {}, code: '' };
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new UserRefused(`PingOne refused: HTTP ${answer.status}${answer.code === '' ? '' : `, ${answer.code}`}`);
}
