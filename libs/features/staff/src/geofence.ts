import type { Geofence } from '@innkeep/contracts';
import { z } from 'zod';
import { refuse } from './staff.problems';

/** Where a device says that it is. */
export const location = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    accuracyMetres: z.number().min(0).max(100_000).describe('The radius within which the device believes to be'),
  })
  .describe('Where you are; kept for a limited time')
  .meta({ example: { latitude: 38.7109, longitude: -9.1366, accuracyMetres: 12 } });
export type Location = z.output<typeof location>;

const EARTH_METRES = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** The way over the ground between two points, on a sphere: within half a percent of the truth. */
export function distanceMetres(from: Point, to: Point): number {
  const [north, east] = [radians(to.latitude - from.latitude), radians(to.longitude - from.longitude)];
  const chord =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/**
 * Whether somebody is inside the fence. Who may be inside, by what the device believes, is taken to be; a reading that is not accurate
 * enough says nothing, and neither does none.
 */
export function isInside(fence: Geofence | null, at: Location | undefined): boolean | null {
  if (!fence || !at || at.accuracyMetres > fence.accuracyMetres) return null;
  return distanceMetres(fence, at) - at.accuracyMetres <= fence.radiusMetres;
}

/** The same at the beginning of a shift, where a property that enforces its fence refuses whoever is not known to be inside. */
export function assertInside(fence: Geofence | null, at: Location | undefined): boolean | null {
  const inside = isInside(fence, at);
  if (inside || fence?.enforcement !== 'refuse') return inside;
  const errors = [{ pointer: '/location', detail: 'does not show that you are there' }];
  if (!at) throw refuse('location-required', 'Send where you are: the property asks for it.', errors);
  if (inside === null)
    throw refuse('location-inaccurate', `Try again when it is within ${fence.accuracyMetres} metres.`, errors);
  throw refuse('outside-geofence', `Check in within ${fence.radiusMetres} metres of the property.`, errors);
}

/** What is kept of a location, as an event holds it. */
export const locationText = (fence: Geofence | null, at: Location | undefined): string | null =>
  at ? JSON.stringify({ ...at, ...(fence && { distanceMetres: Math.round(distanceMetres(fence, at)) }) }) : null;
