import {
  ApiKeyRevoked,
  MemberPort,
  OrganizationStatusChanged,
  PlanChanged,
  QuotaPort,
  type RecordedEvent,
  SignInFamilyRevoked,
  type Subject,
  SubjectErased,
  UserChanged,
  tags,
} from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { ApiKeySource, RequestQuotaSource } from '@innkeep/platform/http';
import { AcceptInvitationHandler } from './accept-invitation/accept-invitation.handler';
import { AccountController } from './account.controllers';
import { accountMigrations } from './account.migrations';
import { ApiKeyStore } from './api-key.store';
import { ApiKeysController } from './api-keys.controllers';
import { AuthController, KeysController } from './auth.controllers';
import { EraseUserHandler } from './erase-user/erase-user.handler';
import { GetMeHandler } from './get-me/get-me.query';
import { GetPlanHandler } from './get-plan/get-plan.query';
import { MemberAnswers } from './member-answers.store';
import { OperatedPlanController, PlanController } from './plan.controllers';
import { planMigrations } from './plan.migrations';
import { PlanRequestQuotas, PlanStore } from './plan.store';
import { SetPlanHandler } from './set-plan/set-plan.handler';
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
import { ChangePasswordHandler } from './change-password/change-password.handler';
import { CompleteLogInHandler } from './complete-log-in/complete-log-in.handler';
import { ConfirmSecondFactorHandler } from './confirm-second-factor/confirm-second-factor.handler';
import { CredentialStore } from './credential.store';
import { EndOtherSessionsHandler } from './end-other-sessions/end-other-sessions.handler';
import { EndSessionHandler } from './end-session/end-session.handler';
import { EnrolSecondFactorHandler } from './enrol-second-factor/enrol-second-factor.handler';
import { FactorCheck } from './factor-check.store';
import { GetSecondFactorHandler } from './get-second-factor/get-second-factor.query';
import { identityExported } from './identity.exported';
import { identityMails } from './identity.mails';
import { ListSessionsHandler } from './list-sessions/list-sessions.query';
import { OneTimeTokenStore } from './one-time-token.store';
import { PasswordCheck } from './password-check.store';
import { RemoveSecondFactorHandler } from './remove-second-factor/remove-second-factor.handler';
import { RenewRecoveryCodesHandler } from './renew-recovery-codes/renew-recovery-codes.handler';
import { RequestEmailVerificationHandler } from './request-email-verification/request-email-verification.handler';
import { RequestPasswordResetHandler } from './request-password-reset/request-password-reset.handler';
import { ResetPasswordHandler } from './reset-password/reset-password.handler';
import { SecondFactorController } from './second-factor.controllers';
import { SecondFactorStore } from './second-factor.store';
import { SessionsController } from './sessions.controllers';
import { UpdateUserHandler } from './update-user/update-user.handler';
import { VerifyEmailHandler } from './verify-email/verify-email.handler';
import { CreateApiKeyHandler } from './create-api-key/create-api-key.handler';
import { ListApiKeysHandler } from './list-api-keys/list-api-keys.query';
import { RevokeApiKeyHandler } from './revoke-api-key/revoke-api-key.handler';
import { CloseOrganizationHandler } from './close-organization/close-organization.handler';
import { ListOperatorActionsHandler } from './list-operator-actions/list-operator-actions.query';
import { OperatedOrganizationsController, OrganizationController } from './organization.controllers';
import { organizationMigrations } from './organization.migrations';
import { OrganizationStore } from './organization.store';
import { OpenSupportAccessHandler } from './open-support-access/open-support-access.handler';
import { SetOrganizationStatusHandler } from './set-organization-status/set-organization-status.handler';
import { UsersController } from './users.controllers';
import { InvitationsController } from './invitations.controller';
import { ListInvitationsHandler } from './list-invitations/list-invitations.query';
import { WithdrawInvitationHandler } from './withdraw-invitation/withdraw-invitation.handler';

export const identity = defineFeature({
  name: 'identity',
  migrations: [...identityMigrations, ...accountMigrations, ...organizationMigrations, ...planMigrations],
  housekeeping: ['identity.delete_expired', 'identity.delete_expired_tokens'],
  commands: [
    SignUpHandler,
    LogInHandler,
    RefreshSessionHandler,
    LogOutHandler,
    InviteUserHandler,
    WithdrawInvitationHandler,
    AcceptInvitationHandler,
    UpdateUserHandler,
    CompleteLogInHandler,
    RequestPasswordResetHandler,
    ResetPasswordHandler,
    ChangePasswordHandler,
    RequestEmailVerificationHandler,
    VerifyEmailHandler,
    EndSessionHandler,
    EndOtherSessionsHandler,
    EnrolSecondFactorHandler,
    ConfirmSecondFactorHandler,
    RemoveSecondFactorHandler,
    RenewRecoveryCodesHandler,
    CreateApiKeyHandler,
    RevokeApiKeyHandler,
    CloseOrganizationHandler,
    OpenSupportAccessHandler,
    SetOrganizationStatusHandler,
    EraseUserHandler,
    SetPlanHandler,
  ],
  queries: [
    GetMeHandler,
    GetMyPropertiesHandler,
    ListUsersHandler,
    ListInvitationsHandler,
    ListSessionsHandler,
    GetSecondFactorHandler,
    ListApiKeysHandler,
    ListOperatorActionsHandler,
    ListMembersHandler,
    GetPlanHandler,
  ],
  controllers: [
    AuthController,
    KeysController,
    UsersController,
    InvitationsController,
    AccountController,
    SessionsController,
    SecondFactorController,
    ApiKeysController,
    OrganizationController,
    OperatedOrganizationsController,
    MembersController,
    PlanController,
    OperatedPlanController,
  ],
  projections: [members],
  mails: identityMails,
  exported: identityExported,
  // What an edge keeps for this user goes when a session of theirs ends, or their rights change.
  touches: [
    touch(SignInFamilyRevoked, (event: RecordedEvent<string, { userId: number }>) => [tags.user(event.data.userId)]),
    touch(SubjectErased, ({ data: { kind, id } }: RecordedEvent<string, Subject>) =>
      kind === 'user' ? [tags.user(Number(id))] : [],
    ),
    touch(ApiKeyRevoked, (event: RecordedEvent<string, { actorId: number }>) => [tags.user(event.data.actorId)]),
    touch(PlanChanged, (event) => [tags.organization(event.organizationId)]),
    touch(OrganizationStatusChanged, (event) => [tags.organization(event.organizationId)]),
    touch(UserChanged, (event: RecordedEvent<string, { userId: number }>) => [tags.user(event.data.userId)]),
  ],
  providers: [
    SessionStore,
    UserStore,
    SignInStore,
    InvitationStore,
    OneTimeTokenStore,
    CredentialStore,
    ApiKeyStore,
    OrganizationStore,
    PlanStore,
    PlanRequestQuotas,
    MemberAnswers,
    { provide: ApiKeySource, useExisting: ApiKeyStore },
    { provide: QuotaPort, useExisting: PlanStore },
    { provide: RequestQuotaSource, useExisting: PlanRequestQuotas },
    { provide: MemberPort, useExisting: MemberAnswers },
  ],
  apiProviders: [SecondFactorStore, PasswordCheck, FactorCheck],
});
