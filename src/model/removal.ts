import type { UnownedCode } from './finding.js';

/** Why an object among the variants may go. */
export type RemovalCode = Exclude<UnownedCode, 'foreign'>;

/** What became of one object that belongs to nothing that exists; in a dry run, what would. */
export interface Removal {
  readonly type: 'removal';
  /** `kept`: it came to belong to something meanwhile, or was written meanwhile. */
  readonly result: 'planned' | 'removed' | 'kept' | 'failed';
  readonly key: string;
  readonly code: RemovalCode;
  readonly bytes: number;
  /** Why it could not be removed; empty where it could. */
  readonly detail: string;
}

/** What would go, before anybody agrees to it. */
export interface Prunable {
  readonly type: 'prunable';
  readonly variants: string;
  /** Objects that would go, and their bytes, by why. */
  readonly removals: readonly { readonly code: RemovalCode; readonly count: number; readonly bytes: number }[];
  readonly count: number;
  readonly bytes: number;
  /** Of all variants that are there, how many would stay. */
  readonly staying: number;
  /** Whether that is more than `--max-delete` allows. */
  readonly exceeds: boolean;
  /** Some of the keys. */
  readonly first: readonly string[];
  /** Whether they can be brought back; null where that cannot be found out. */
  readonly keepsVersions: boolean | null;
}

/** What a prune came to. */
export interface Pruned {
  readonly type: 'pruned';
  readonly removed: number;
  readonly bytes: number;
  readonly kept: number;
  readonly failed: number;
  /** Where it says what was removed, among imgvar's own files; null where nothing was. */
  readonly journal: string | null;
  readonly dryRun: boolean;
  /** False when it was interrupted. */
  readonly complete: boolean;
}
