import { type Principal, systemPrincipal } from '@innkeep/contracts';

/** The caller while only a token is known: who it belongs to is found out inside the transaction. */
export const nobodyYet = (organizationId: number): Principal => systemPrincipal(organizationId);
