import { z } from 'zod';

/** What a person may be inside an organization. Platform operators are not members; they live in the directory. */
export const roles = ['owner', 'manager', 'staff', 'auditor'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** `'all'` properties of the organization, or the ids of the assigned ones. */
export type PropertyScope = 'all' | readonly number[];

/** Who calls, as the access token says. `system` is the worker acting on behalf of the organization. */
export interface Principal {
  readonly organizationId: number;
  readonly userId: number;
  readonly role: Role | 'system';
  readonly properties: PropertyScope;
  readonly permissionEpoch: number;
  readonly sessionId?: string;
}

/** Who acts on behalf of an organization and is none of its users. What it does looks at no properties, unless it is said otherwise. */
export const systemPrincipal = (organizationId: number, properties: PropertyScope = []): Principal => ({
  organizationId,
  userId: 0,
  role: 'system',
  properties,
  permissionEpoch: 0,
});

/** Whether the principal may touch the property at all; what it may do there is for policies to say. */
export const maySeeProperty = (principal: Principal, propertyId: number): boolean =>
  principal.properties === 'all' || principal.properties.includes(propertyId);
