import { type RecordedEvent, SignInFamilyRevoked, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AcceptInvitationHandler } from './accept-invitation/accept-invitation.handler';
import { AuthController, KeysController } from './auth.controllers';
import { GetMeHandler } from './get-me/get-me.query';
import { GetMyPropertiesHandler } from './get-my-properties/get-my-properties.query';
import { identityMigrations } from './identity.migrations';
import { InvitationStore } from './invitation.store';
import { InviteUserHandler } from './invite-user/invite-user.handler';
import { ListUsersHandler } from './list-users/list-users.query';
import { LogInHandler } from './log-in/log-in.handler';
import { LogOutHandler } from './log-out/log-out.handler';
import { RefreshSessionHandler } from './refresh-session/refresh-session.handler';
import { SessionStore } from './session.store';
import { SignInStore } from './sign-in.store';
import { SignUpHandler } from './sign-up/sign-up.handler';
import { UserStore } from './user.store';
import { UsersController } from './users.controllers';

export const identity = defineFeature({
  name: 'identity',
  migrations: identityMigrations,
  housekeeping: ['identity.delete_expired'],
  commands: [
    SignUpHandler,
    LogInHandler,
    RefreshSessionHandler,
    LogOutHandler,
    InviteUserHandler,
    AcceptInvitationHandler,
  ],
  queries: [GetMeHandler, GetMyPropertiesHandler, ListUsersHandler],
  controllers: [AuthController, KeysController, UsersController],
  // What an edge keeps for this user goes when a session of theirs ends.
  touches: [
    touch(SignInFamilyRevoked, (event: RecordedEvent<string, { userId: number }>) => [tags.user(event.data.userId)]),
  ],
  providers: [SessionStore, UserStore, SignInStore, InvitationStore],
});
