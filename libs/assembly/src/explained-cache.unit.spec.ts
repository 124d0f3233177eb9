import 'reflect-metadata';
import { coarserTag, tagKindOf } from '@innkeep/contracts';
import { cachedRoutes } from './cached-routes';
import { ExplainedCache } from './explained-cache';
import { features } from './features';

const principal = { organizationId: 1, userId: 3, role: 'owner', properties: 'all', permissionEpoch: 1 } as const;
const query = { propertyId: 2, date: '2026-03-10', year: 2026, month: 3 };

describe('the explained cache', () => {
  const cache = new ExplainedCache(features);

  it('says how a route is kept, and which events end that', () => {
    expect(cache.routes.find(({ path }) => path === '/v1/reports/monthly-report')).toEqual({
      path: '/v1/reports/monthly-report',
      family: 'reports',
      edgeSeconds: 900,
      staleSeconds: 3,
      browserSeconds: 0,
      isKeptInProcess: true,
      tags: [
        'org:{organization}',
        'property:{property}',
        'reports:monthly:property:{property}:year:{year}:month:{month}',
      ],
      purgedBy: expect.arrayContaining(['TransactionApproved', 'TransactionReversed', 'PropertyUpdated']),
    });
  });

  it('says what an event purges, and what a certain one would', () => {
    const changed = cache.events.find(({ type }) => type === 'PropertyUpdated');
    const overview = 'analytics:overview:org:';
    expect(changed?.tags).toEqual([
      `${overview}{organization}`,
      'org:{organization}:properties',
      'property:{property}',
    ]);
    expect(changed?.routes).toContain('/v1/properties');
    const purged = [`${overview}7`, 'org:7:properties', 'property:12'];
    expect([...cache.wouldPurge('PropertyUpdated', 7, { propertyId: 12 })].sort()).toEqual(purged);
    expect(() => cache.wouldPurge('NothingHappened', 7, {})).toThrow(/no event type/);
  });

  it('finds every cached route purged by something', () => {
    expect(cache.routes.filter(({ purgedBy }) => purgedBy.length === 0)).toEqual([]);
  });

  it('finds each answer under the coarser form of every tag of its own', () => {
    for (const { path, tagsOf } of cachedRoutes(features)) {
      const tags = tagsOf(principal, query);
      for (const tag of tags) {
        expect({ path, tag, kind: tagKindOf(tag) }).toMatchObject({ kind: expect.anything() });
        const coarser = coarserTag(tag, principal.organizationId);
        if (coarser) expect({ path, tags }).toEqual({ path, tags: expect.arrayContaining([coarser]) });
      }
    }
  });
});
