import { Secret, TOTP } from 'otpauth';
import type { Act } from './every-event';
import type { InnkeepUnderTest } from './innkeep-under-test';
import { mailTo, tokenIn } from './mailbox';
import { type Member, newEmail, password } from './members';

/** What somebody does with an account, and with who else comes in. */
export function accountStory(innkeep: InnkeepUnderTest, owner: Member): Act[] {
  const factor = '/v1/auth/second-factor';
  let recoveryCode = '';
  let apiKeyId = '';
  return [
    {
      name: 'an address is confirmed',
      run: async () => {
        const token = tokenIn(await mailTo(innkeep, owner.email, 'Confirm'));
        return innkeep.anybody.post(`/v1/auth/email-verifications/${token}`);
      },
    },
    {
      name: 'a second factor is turned on',
      run: async () => {
        const { secret } = (await owner.post(factor, { password })).as<{ secret: string }>(201);
        const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
        const confirmed = await owner.post(`${factor}/confirmation`, { code });
        recoveryCode = confirmed.as<{ recoveryCodes: string[] }>(200).recoveryCodes[0]!;
      },
    },
    {
      name: 'a second factor is turned off',
      run: () => owner.post(`${factor}/removal`, { password, code: recoveryCode }),
    },
    {
      name: 'a password is changed',
      run: () => owner.put('/v1/auth/password', { currentPassword: password, newPassword: password }),
    },
    {
      name: 'an invitation is withdrawn',
      run: async () => {
        const invitation = { email: newEmail(), role: 'auditor', propertyIds: null };
        const { id } = (await owner.post('/v1/users/invitations', invitation)).as<{ id: string }>(201);
        return owner.post(`/v1/users/invitations/${id}/withdrawal`);
      },
    },
    {
      name: 'an API key is made',
      run: async () => {
        const key = { name: 'of the story', role: 'auditor', scopes: ['finance:read'], propertyIds: null };
        apiKeyId = (await owner.post('/v1/api-keys', key)).as<{ id: string }>(201).id;
      },
    },
    { name: 'an API key is revoked', run: () => owner.delete(`/v1/api-keys/${apiKeyId}`) },
  ];
}
