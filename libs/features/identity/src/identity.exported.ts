import type { Exported } from '@innkeep/platform/feature';

const signIn = 'of use for signing in here and nowhere else';

/** Whom an organization takes along, without what they sign in with. */
export const identityExported: Exported = {
  tables: [
    {
      table: 'identity.organizations',
      columns: ['name', 'status', 'plan', 'created_at', 'closed_at', 'version'],
      key: ['organization_id'],
    },
    {
      table: 'identity.users',
      columns: [
        ...[
          'id',
          'email',
          'name',
          'role',
          'status',
          'has_all_properties',
          'created_at',
          'email_verified_at',
          'erased_at',
        ],
        'version',
      ],
      withheld: { password_hash: 'a secret', permission_epoch: signIn },
      key: ['id'],
    },
    { table: 'identity.property_assignments', columns: ['user_id', 'property_id'], key: ['user_id', 'property_id'] },
    {
      table: 'identity.invitations',
      columns: ['id', 'email', 'name', 'role', 'property_ids', 'created_at', 'expires_at', 'accepted_at'],
      withheld: { token_hash: 'a secret' },
      key: ['id'],
    },
    {
      table: 'identity.api_keys',
      columns: [
        ...[
          'id',
          'name',
          'hint',
          'actor_id',
          'role',
          'scopes',
          'property_ids',
          'created_by',
          'created_at',
          'expires_at',
        ],
        ...['last_used_at', 'revoked_at', 'version'],
      ],
      withheld: { hash: 'a secret', permission_epoch: signIn },
      key: ['id'],
    },
    {
      table: 'identity.operator_actions',
      columns: ['id', 'operator_id', 'action', 'reason', 'acted_at'],
      key: ['id'],
    },
  ],
  leftOut: {
    'identity.members': 'the same is among the users',
    'identity.one_time_tokens': 'secrets',
    'identity.recovery_codes': 'secrets',
    'identity.refresh_tokens': 'secrets',
    'identity.second_factors': 'secrets',
    'identity.sessions': signIn,
  },
};
