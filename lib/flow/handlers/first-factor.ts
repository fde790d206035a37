import { act, actCustom } from '../client.ts';
import { fillModel } from '../../template.ts';
import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** IDENTIFIER_REQUIRED: the Identifier First Adapter asks only for the name. */
export const submitIdentifier: Handler = ({ client, user }) =>
  act(client, 'submitIdentifier', { identifier: user.username }).then(follow);

/** USERNAME_PASSWORD_REQUIRED: the HTML form adapter's first factor. */
export const checkUsernamePassword: Handler = ({ client, user }) =>
  act(client, 'checkUsernamePassword', { username: user.username, password: user.password }).then(follow);

/** A custom first factor: its action and model come from the settings. */
export const customFirstFactor: Handler = async ({ client, user, settings }) => {
  const { action = '', model = {} } = settings.customAction ?? {};
  return follow(await actCustom(client, action, fillModel(model, user) as object));
};
