import type { CacheFamily, Principal, Tag } from '@innkeep/contracts';
import type { Feature } from '@innkeep/platform/feature';
import { rulesOf } from '@innkeep/platform/http';
import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';

/** A route whose answers are kept, and what it declares about it. */
export interface CachedRoute {
  /** As in `/v1/finance/summary`. */
  readonly path: string;
  readonly family: CacheFamily;
  /** No process keeps the answer, the edge does. */
  readonly isTimed: boolean;
  tagsOf(principal: Principal, query: Readonly<Record<string, unknown>>): readonly Tag[];
}

const pathOf = (target: object) => (Reflect.getMetadata(PATH_METADATA, target) as string | undefined) ?? '';

function routesOf(controller: Type): CachedRoute[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method = prototype[name];
    const cache = typeof method === 'function' ? rulesOf(method)?.cache : undefined;
    if (!cache) return [];
    const path = `/${[pathOf(controller), pathOf(method as object)].filter((part) => part && part !== '/').join('/')}`;
    const { family, isTimed = false, tags } = cache;
    return [{ path, family, isTimed, tagsOf: tags as unknown as CachedRoute['tagsOf'] }];
  });
}

/** Every route of the features whose answers are kept. */
export const cachedRoutes = (features: readonly Feature[]): CachedRoute[] =>
  features
    .flatMap(({ controllers = [] }) => controllers.flatMap(routesOf))
    .sort((a, b) => a.path.localeCompare(b.path));
