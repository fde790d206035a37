import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** USERNAME_PASSWORD_REQUIRED: the HTML form adapter's first factor. */
export const checkUsernamePassword: Handler = async ({ client, user }) =>
  follow(await client.act('checkUsernamePassword', { username: user.username, password: user.password }));
