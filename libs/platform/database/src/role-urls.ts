import { createHmac } from 'node:crypto';

/** The database roles: one that owns everything and runs nothing else, one for each process, one that owns and reads the views. */
export const databaseRoles = {
  migrator: 'innkeep_migrator',
  api: 'innkeep_api',
  projector: 'innkeep_projector',
  worker: 'innkeep_worker',
  viewer: 'innkeep_viewer',
} as const;
export type DatabaseRole = keyof typeof databaseRoles;

/** The password of a role, derived from one secret, so that an installation has one thing to keep instead of five. */
export const rolePassword = (roleName: string, secret: string): string =>
  createHmac('sha256', secret).update(roleName).digest('base64url');

/** The same database as `adminUrl`, entered as the named role. */
export function roleUrl(adminUrl: string, roleName: string, secret: string): string {
  const url = new URL(adminUrl);
  url.username = roleName;
  url.password = rolePassword(roleName, secret);
  return url.toString();
}
