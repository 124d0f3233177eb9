import { type RecordedEvent, SignInFamilyRevoked, SubjectErased, type Subject, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AcceptInvitationHandler } from './accept-invitation/accept-invitation.handler';
import { AuthController, KeysController } from './auth.controllers';
import { EraseUserHandler } from './erase-user/erase-user.handler';
import { GetMeHandler } from './get-me/get-me.query';
import { GetMyPropertiesHandler } from './get-my-properties/get-my-properties.query';
import { identityMigrations } from './identity.migrations';
import { InvitationStore } from './invitation.store';
import { InviteUserHandler } from './invite-user/invite-user.handler';
import { ListMembersHandler } from './list-members/list-members.query';
import { ListUsersHandler } from './list-users/list-users.query';
import { LogInHandler } from './log-in/log-in.handler';
import { LogOutHandler } from './log-out/log-out.handler';
import { MembersController } from './members.controller';
import { members } from './members/members.projection';
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
    EraseUserHandler,
  ],
  queries: [GetMeHandler, GetMyPropertiesHandler, ListUsersHandler, ListMembersHandler],
  controllers: [AuthController, KeysController, UsersController, MembersController],
  projections: [members],
  // What an edge keeps for this user goes when a session of theirs ends.
  touches: [
    touch(SignInFamilyRevoked, (event: RecordedEvent<string, { userId: number }>) => [tags.user(event.data.userId)]),
    touch(SubjectErased, ({ data: { kind, id } }: RecordedEvent<string, Subject>) =>
      kind === 'user' ? [tags.user(Number(id))] : [],
    ),
  ],
  providers: [SessionStore, UserStore, SignInStore, InvitationStore],
});
