/** What Redis holds of an organization that is listened to. The braces keep it on one slot of a cluster. */
export const keysOf = (organizationId: number) => ({
  /** There as long as some process listens. */
  wanted: `live:{${organizationId}}:wanted`,
  /** The last events, by version. */
  window: `live:{${organizationId}}:window`,
  /** Where what happens is told, and which stream is to change. */
  channel: `live:{${organizationId}}:events`,
  /** Leases of the streams of the organization, and of one user, by when they end. */
  streams: `live:{${organizationId}}:streams`,
  streamsOf: (userId: number) => `live:{${organizationId}}:streams:${userId}`,
});

const CHANNEL = /^live:\{(\d+)\}:events$/;

/** Which organization a channel is of. */
export function organizationOf(channel: string): number | undefined {
  const match = CHANNEL.exec(channel);
  return match ? Number(match[1]) : undefined;
}
