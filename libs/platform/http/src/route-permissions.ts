import { type Role, roles } from '@innkeep/contracts';
import { areaOf } from './api-keys';
import type { RouteRules } from './route';

/** What each role may call, gathered from what the routes declare. */
export class RoutePermissions {
  /** The areas of the API that there are for members. */
  readonly areas = new Set<string>();
  private readonly operations = new Map<Role, Set<string>>(roles.map((role) => [role, new Set()]));

  /** Tells of a route. */
  offer(method: string | readonly string[], path: string, { allow }: RouteRules): void {
    if (allow === 'public' || allow === 'operator') return;
    this.areas.add(areaOf(path) ?? path);
    const documented = path.replaceAll(/:(\w+)/g, '{$1}');
    for (const role of allow === 'signed-in' ? roles : allow)
      for (const one of [method].flat()) if (one !== 'HEAD') this.operations.get(role)!.add(`${one} ${documented}`);
  }

  /** The operations that a role may call, as the documentation names them. */
  of(role: Role): readonly string[] {
    return [...this.operations.get(role)!].sort();
  }
}
