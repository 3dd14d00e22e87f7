/** What a manifest asks of a person's browser. */
export interface Grants {
  permissions: readonly string[];
  optional_permissions: readonly string[];
  host_permissions: readonly string[];
  optional_host_permissions: readonly string[];
}

/** The part of a manifest that a store and a person look at first. */
export function grantsOf(manifest: Partial<Grants>): Grants {
  return {
    permissions: manifest.permissions ?? [],
    optional_permissions: manifest.optional_permissions ?? [],
    host_permissions: manifest.host_permissions ?? [],
    optional_host_permissions: manifest.optional_host_permissions ?? [],
  };
}

/** Everything that `next` asks for and `last` did not: an update with any of it would be switched off by the browser. */
export function newGrants(last: Grants, next: Grants): string[] {
  return (Object.keys(next) as (keyof Grants)[]).flatMap((kind) =>
    next[kind].filter((one) => !last[kind].includes(one)).map((one) => `${kind}: ${one}`),
  );
}
