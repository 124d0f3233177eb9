import { hashEmail } from '@innkeep/platform/security';
import { type MasterKeys, checkMasterKeys } from '@innkeep/platform/privacy';
import type { Client, PoolClient } from 'pg';
import { emailOf } from './made-up-organization';
import type { FirstIds, Size } from './size';
import { PROPERTIES, USERS } from './size';

/** Why a database cannot be seeded, and what to do about it. */
export class NotReady extends Error {}

const first = async <Row extends object>(client: Client, text: string, values: unknown[] = []) =>
  (await client.query<Row>(text, values)).rows[0];

/** Fails unless the database can take the organizations, and would have none of them twice. */
export async function checkReadiness(client: Client, { seed }: Size, masterKeys: MasterKeys): Promise<void> {
  const { rows } = await client.query<{ schema: string | null }>(
    "select to_regclass('events.projections')::text as schema",
  );
  if (!rows[0]!.schema)
    throw new NotReady('The database has no schema yet: start the product once, or run `npm run db:migrate`.');
  const role = await first<{ ok: boolean }>(
    client,
    'select rolsuper or rolbypassrls as ok from pg_roles where rolname = current_user',
  );
  if (!role?.ok)
    throw new NotReady(
      'COPY does not write through row-level security: the role in DATABASE_URL has to be a superuser, or have BYPASSRLS.',
    );
  const shards = await first<{ count: number }>(client, 'select count(*)::int as count from directory.shards');
  if (shards!.count > 1) throw new NotReady('The organizations go to one shard: seed before there are more.');
  const elsewhere = await first<{ names: string | null }>(
    client,
    `select string_agg(distinct track, ', ') as names from (
       select track from events.checkpoints union all select track from events.projections) t
     where track <> 'live' and track not like 'reactor:%'`,
  );
  if (elsewhere?.names)
    throw new NotReady(
      `Not all read models go with the others (${elsewhere.names}): see \`npm run projections -- status\`.`,
    );
  const live = await first(client, "select from events.projections where track = 'live' limit 1");
  if (!live)
    throw new NotReady('No read model is registered yet: start the product once, so that its projector makes them.');
  const taken = await first(client, 'select from directory.sign_ins where email_hash = $1', [
    hashEmail(emailOf(seed, 1, 'owner')),
  ]);
  if (taken)
    throw new NotReady(
      `Organizations of the seed ${seed} are here already, all or some of them. Give another --seed for more beside them, or begin ` +
        'anew after `npm run db:reset`.',
    );
  await checkMasterKeys(client as unknown as PoolClient, masterKeys);
}

/** Takes the ids of all that will be there. They are nobody else's from now on, whatever becomes of the seeding. */
export async function takeIds(client: Client, { organizations }: Size): Promise<FirstIds> {
  const take = async (kind: string, count: number) => {
    const row = await first<{ first: string }>(
      client,
      'update directory.id_blocks set next_id = next_id + $2 where kind = $1 returning next_id - $2 as first',
      [kind, count],
    );
    return Number(row!.first);
  };
  return {
    organization: await take('organization', organizations),
    user: await take('user', organizations * USERS),
    property: await take('property', organizations * PROPERTIES),
  };
}

/** Makes known by which master key the users' keys are wrapped. */
export async function announceMasterKey(client: Client, masterKeys: MasterKeys): Promise<void> {
  const { current } = masterKeys;
  await client.query('insert into privacy.master_keys (id, fingerprint) values ($1, $2) on conflict do nothing', [
    current,
    masterKeys.fingerprint(current),
  ]);
}
